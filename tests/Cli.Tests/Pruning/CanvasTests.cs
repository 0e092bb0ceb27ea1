using Pipeline.Cli.Pruning;

namespace Pipeline.Cli.Tests.Pruning;

public sealed class CanvasTests
{
    private static readonly Rgb Black = new(0, 0, 0);
    private static readonly Rgb White = new(255, 255, 255);

    [Fact]
    public void What_lies_outside_is_cut_off()
    {
        var canvas = new Canvas(8, 6, Black);
        var picture = Pictures.Gradient(5, 4);
        canvas.Draw(picture, -2, -1);
        canvas.Draw(picture, 6, 4);
        canvas.Draw(picture, 30, 30);
        canvas.Fill(-5, 3, 6, 1, White);

        var image = canvas.ToImage();

        image.At(0, 0).ShouldBe(picture.At(2, 1));
        image.At(2, 2).ShouldBe(picture.At(4, 3));
        image.At(6, 4).ShouldBe(picture.At(0, 0));
        image.At(7, 5).ShouldBe(picture.At(1, 1));
        image.At(0, 3).ShouldBe(((byte)255, (byte)255, (byte)255));
        image.At(1, 3).ShouldBe(((byte)0, (byte)0, (byte)0));
    }

    [Fact]
    public void Every_printable_letter_looks_different_and_stays_in_its_box()
    {
        var letters = Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Append('\u00e9').ToArray();
        letters.Select(letter => string.Join(' ', BitmapFont.Pixels(letter))).Distinct().Count().ShouldBe(letters.Length);
        letters.SelectMany(BitmapFont.Pixels).ShouldAllBe(pixel => pixel.X >= 0 && pixel.X < 5 && pixel.Y >= 0 && pixel.Y < 8);
        BitmapFont.Pixels('L').ShouldBe([(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), .. Enumerable.Range(0, 5).Select(x => (x, 6))]);
    }

    [Theory]
    [InlineData("one two three", 9, "one two|three")]
    [InlineData("abcdefghij k", 4, "abcd|efgh|ij k")]
    [InlineData("", 4, "")]
    [InlineData("exact", 5, "exact")]
    public void Text_breaks_at_spaces_and_in_words_only_when_it_must(string text, int letters, string lines) =>
        BitmapFont.Wrap(text, letters).ShouldBe(lines.Split('|'));
}
