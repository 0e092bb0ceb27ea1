namespace Pipeline.Evaluation.ReasonSeg;

/// <summary>The ground truth of a ReasonSeg annotation.</summary>
/// <remarks>LISA utils/data_processing.py, get_mask_from_json. Large polygons are drawn first, so that small ones lie on top; of equal ones the last in the file.</remarks>
public static class ReasonSegMask
{
    /// <summary>The farthest that a corner may lie from the picture's upper left one, in pixels along either axis.</summary>
    public const int LargestCoordinate = PolygonPainter.LargestCoordinate;

    /// <param name="shapes">In the order of the file.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <returns>Height x width bytes, row-major: 0 background, 1 target, 255 ignored.</returns>
    /// <exception cref="InvalidDataException">A polygon has no points, or one beyond 2^20 pixels; or the size is no mask size.</exception>
    public static byte[] Draw(IEnumerable<ReasonSegShape> shapes, int height, int width)
    {
        var pixels = RunText.CheckSize(height, width);
        var mask = new byte[pixels];
        var alone = new byte[pixels];
        var outlines = new List<(long Area, byte Value, (int X, int Y)[] Corners)>();
        foreach (var shape in shapes.Where(shape => !shape.IsFlag))
        {
            (int, int)[] corners = [.. shape.Points.Select(Corner)];
            if (corners.Length == 0)
                throw new InvalidDataException($"A polygon '{shape.Label}' has no points.");
            Array.Clear(alone);
            new PolygonPainter(alone, height, width).Paint(corners, 1);
            outlines.Add((alone.AsSpan().Count((byte)1), shape.Value, corners));
        }

        var painter = new PolygonPainter(mask, height, width);
        foreach (var (_, value, corners) in outlines.AsEnumerable().Reverse().OrderByDescending(outline => outline.Area))
            painter.Paint(corners, value);
        return mask;
    }

    private static (int X, int Y) Corner((double X, double Y) point) =>
        Math.Abs(point.X) <= PolygonPainter.LargestCoordinate && Math.Abs(point.Y) <= PolygonPainter.LargestCoordinate
            ? ((int)point.X, (int)point.Y)
            : throw new InvalidDataException($"A polygon has the corner ({point.X}, {point.Y}); coordinates are numbers of at most {PolygonPainter.LargestCoordinate} pixels.");
}
