using System.Text;
using System.Text.Json;

namespace Pipeline.Evaluation.Tests;

public sealed class JsonTextsTests
{
    [Theory]
    [InlineData("""{"a":"b","c":[1,null,"\u00e9\ud83d\ude00"],"\ud83d\ude00":"\\ud83d"}""")]
    [InlineData("""{"a":"\\udx"}""")]
    [InlineData("")]
    public void Texts_are_let_through(string json) => JsonTexts.Require(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData("""{"a":["x","\uDC00"]}""")]
    [InlineData("""{"\ud83dx":1}""")]
    public void Half_a_character_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonTexts.Require(Encoding.UTF8.GetBytes(json))).Message.ShouldContain("half a character");

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Should.Throw<JsonException>(() => JsonTexts.Require([(byte)'"', 0xFF, (byte)'"'])).Message.ShouldContain("UTF-8");
}
