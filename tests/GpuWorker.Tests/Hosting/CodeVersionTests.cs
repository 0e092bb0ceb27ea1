using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Tests.Hosting;

public sealed class CodeVersionTests
{
    [Theory]
    [InlineData("0.1.0", "0.1.0+5f3a", true)]
    [InlineData("0.1.0-beta.1", "0.1.7", true)]
    [InlineData("0.1.0", "0.2.0", false)]
    [InlineData("0.1.0", "1.1.0", false)]
    [InlineData("0.1.0", "0.10.0", false)]
    public void Versions_agree_when_their_first_two_numbers_do(string one, string other, bool agree) =>
        CodeVersion.Agree(one, other).ShouldBe(agree);
}
