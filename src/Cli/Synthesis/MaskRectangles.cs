using Pipeline.Evaluation;

namespace Pipeline.Cli.Synthesis;

/// <summary>A mask as rectangles of pixels that touch but never overlap: polygons that every reader draws exactly.</summary>
internal static class MaskRectangles
{
    /// <returns>By their lower edge, then from left to right.</returns>
    public static IReadOnlyList<PixelBox> Of(Rle mask)
    {
        var pixels = mask.Decode();
        var done = new List<PixelBox>();
        var open = new List<PixelBox>();
        for (var y = 0; y <= mask.Height; y++)
        {
            var runs = y < mask.Height ? RunsOf(pixels.AsSpan(y * mask.Width, mask.Width)) : [];
            var next = new List<PixelBox>(runs.Count);
            foreach (var (x, width) in runs)
            {
                var above = open.FindIndex(box => box.X == x && box.Width == width);
                next.Add(above < 0 ? new PixelBox(x, y, width, 1) : open[above] with { Height = open[above].Height + 1 });
                if (above >= 0)
                    open.RemoveAt(above);
            }

            done.AddRange(open);
            open = next;
        }

        return done;
    }

    private static List<(int X, int Width)> RunsOf(ReadOnlySpan<byte> row)
    {
        var runs = new List<(int, int)>();
        for (var x = 0; x < row.Length;)
        {
            var end = x;
            while (end < row.Length && row[end] != 0)
                end++;
            if (end > x)
                runs.Add((x, end - x));
            x = end + 1;
        }

        return runs;
    }
}
