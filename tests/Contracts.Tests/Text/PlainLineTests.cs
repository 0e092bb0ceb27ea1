using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Tests.Text;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("a red ring, ä 漢 ✓", "a red ring, ä 漢 ✓")]
    [InlineData("a\r\nb\tc", "a\\u000d\\u000ab\\u0009c")]
    [InlineData("\u001b[31m\u0085\u2028\u2029", "\\u001b[31m\\u0085\\u2028\\u2029")]
    [InlineData("\u202egnp.exe\u200b", "\\u202egnp.exe\\u200b")]
    public void Nothing_in_a_line_ends_it_hides_it_or_steers_a_terminal(string text, string plain) => PlainLine.Of(text).ShouldBe(plain);
}
