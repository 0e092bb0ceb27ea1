using System.Text;
using Pipeline.Evaluation;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A mask as an SVG path of upright strokes, one per run and column, straight from its run lengths.</summary>
/// <param name="Path">Data of a path element in pixels of the mask.</param>
/// <param name="Width">Stroke width that closes the gaps between columns, pixels.</param>
internal sealed record MaskStrokes(string Path, int Width)
{
    /// <summary>Columns drawn at most: a picture in a report shows no more.</summary>
    private const int MostColumns = 320;

    public static MaskStrokes Of(Rle mask)
    {
        var step = Math.Max(1, (mask.Width + MostColumns - 1) / MostColumns);
        var path = new StringBuilder();
        var (position, pen) = (0, -1);
        var runs = mask.ToRuns();
        for (var run = 0; run < runs.Length; run++)
        {
            if (run % 2 == 1)
                pen = Append(path, mask.Height, step, position, position + runs[run], pen);
            position += runs[run];
        }

        return new MaskStrokes(path.ToString(), step);
    }

    /// <param name="pen">Where the last stroke ended, in pixels column by column; within its column a move is relative, which is shorter.</param>
    /// <returns>Where the last stroke ends now.</returns>
    private static int Append(StringBuilder path, int height, int step, int start, int end, int pen)
    {
        while (start < end)
        {
            var (x, y) = Math.DivRem(start, height);
            var stop = Math.Min(end, (x + 1) * height);
            if (x % step == 0)
            {
                if (pen > x * height)
                    path.Append("m0 ").Append(start - pen);
                else
                    path.Append('M').Append(x).Append(step % 2 == 0 ? "" : ".5").Append(' ').Append(y);
                path.Append('v').Append(stop - start);
                pen = stop;
            }

            start = stop;
        }

        return pen;
    }
}
