using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Pruning;

/// <summary>Pixels to draw on. What lies outside is cut off.</summary>
internal sealed class Canvas
{
    private readonly int width;
    private readonly int height;
    private readonly byte[] pixels;

    public Canvas(int width, int height, Rgb background)
    {
        (this.width, this.height) = (width, height);
        pixels = new byte[3 * width * height];
        Fill(0, 0, width, height, background);
    }

    public void Fill(int left, int top, int columns, int rows, Rgb colour)
    {
        for (var y = Math.Max(0, top); y < Math.Min(height, top + rows); y++)
        {
            for (var x = Math.Max(0, left); x < Math.Min(width, left + columns); x++)
                (pixels[Index(x, y)], pixels[Index(x, y) + 1], pixels[Index(x, y) + 2]) = (colour.Red, colour.Green, colour.Blue);
        }
    }

    public void Draw(RgbImage image, int left, int top)
    {
        var (from, to) = (Math.Max(0, -left), Math.Min(image.Width, width - left));
        for (var y = Math.Max(0, -top); y < Math.Min(image.Height, height - top) && from < to; y++)
            image.Pixels.AsSpan(3 * ((y * image.Width) + from), 3 * (to - from)).CopyTo(pixels.AsSpan(Index(left + from, top + y)));
    }

    /// <param name="scale">Pixels of the canvas for one of the font.</param>
    public void Write(string text, int left, int top, int scale, Rgb colour)
    {
        for (var letter = 0; letter < text.Length; letter++)
        {
            foreach (var (x, y) in BitmapFont.Pixels(text[letter]))
                Fill(left + (scale * ((letter * BitmapFont.Advance) + x)), top + (scale * y), scale, scale, colour);
        }
    }

    public RgbImage ToImage() => new(width, height, [.. pixels]);

    private int Index(int x, int y) => 3 * ((y * width) + x);
}
