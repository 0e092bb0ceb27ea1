namespace Pipeline.Evaluation.ReasonSeg;

/// <summary>Draws polygons of whole pixels with their outline, as OpenCV 4.6 does.</summary>
/// <remarks>
/// opencv, modules/imgproc/src/drawing.cpp: clipLine, LineIterator of 8 neighbours, CollectPolyEdges and FillEdgeCollection. cv2.fillPoly draws the very
/// lines of cv2.polylines with thickness 1, so that one call does for both.
/// </remarks>
internal sealed class PolygonPainter(byte[] mask, int height, int width)
{
    /// <summary>Coordinates stay below 2^20, so that no product of 16 binary places overflows.</summary>
    public const int LargestCoordinate = 1 << 20;

    private const int Shift = 16;
    private const long One = 1 << Shift;

    /// <summary>An edge from its upper end on: x of a row in 16 binary places.</summary>
    private readonly record struct Edge(long Top, long Bottom, long X, long Slope)
    {
        public long XAt(int row) => X + (row - Top) * Slope;
    }

    /// <param name="corners">At least one; none beyond <see cref="LargestCoordinate"/>.</param>
    public void Paint(IReadOnlyList<(int X, int Y)> corners, byte value)
    {
        var edges = new List<Edge>(corners.Count);
        var (fromX, fromY) = corners[^1];
        foreach (var (toX, toY) in corners)
        {
            Line(fromX, fromY, toX, toY, value);
            if (fromY != toY)
            {
                var slope = ((toX - fromX) * One) / (toY - fromY);
                edges.Add(fromY < toY ? new Edge(fromY, toY, fromX * One, slope) : new Edge(toY, fromY, toX * One, slope));
            }

            (fromX, fromY) = (toX, toY);
        }

        if (edges.Count > 1)
            Fill([.. edges.OrderBy(edge => edge.Top)], value);
    }

    private void Fill(Edge[] edges, byte value)
    {
        var active = new List<Edge>();
        var next = 0;
        var bottom = (int)Math.Min(edges.Max(edge => edge.Bottom), height);
        for (var row = (int)Math.Max(edges[0].Top, 0); row < bottom; row++)
        {
            active.RemoveAll(edge => edge.Bottom <= row);
            for (; next < edges.Length && edges[next].Top <= row; next++)
            {
                if (edges[next].Bottom > row)
                    active.Add(edges[next]);
            }

            long[] crossings = [.. active.Select(edge => edge.XAt(row)).Order()];
            for (var i = 0; i + 1 < crossings.Length; i += 2)
            {
                var left = Math.Max((crossings[i] + One - 1) >> Shift, 0);
                var right = Math.Min(crossings[i + 1] >> Shift, width - 1);
                if (left <= right)
                    mask.AsSpan(row * width + (int)left, (int)(right - left) + 1).Fill(value);
            }
        }
    }

    private void Line(long fromX, long fromY, long toX, long toY, byte value)
    {
        if (!Clip(ref fromX, ref fromY, ref toX, ref toY))
            return;
        if (fromX > toX)
            (fromX, fromY, toX, toY) = (toX, toY, fromX, fromY);
        long dx = toX - fromX, dy = Math.Abs(toY - fromY);
        long alongX = 1, alongY = 0, asideX = 0, asideY = Math.Sign(toY - fromY);
        if (dy > dx)
            (dx, dy, alongX, alongY, asideX, asideY) = (dy, dx, asideX, asideY, alongX, alongY);
        var error = dx - 2 * dy;
        for (var step = 0L; step <= dx; step++)
        {
            mask[fromY * width + fromX] = value;
            (fromX, fromY) = (fromX + alongX, fromY + alongY);
            if (error < 0)
                (error, fromX, fromY) = (error + 2 * dx, fromX + asideX, fromY + asideY);
            error -= 2 * dy;
        }
    }

    /// <returns>False where nothing of the line is in the picture.</returns>
    private bool Clip(ref long fromX, ref long fromY, ref long toX, ref long toY)
    {
        long right = width - 1, bottom = height - 1;
        int from = Side(fromX, right) | Side(fromY, bottom) << 2, to = Side(toX, right) | Side(toY, bottom) << 2;
        if ((from & to) == 0 && (from | to) != 0)
        {
            if (from >> 2 != 0)
                (fromX, fromY, from) = ClipRow(fromX, fromY, fromX, fromY, toX, toY, from < 8 ? 0 : bottom, right);
            if (to >> 2 != 0)
                (toX, toY, to) = ClipRow(toX, toY, fromX, fromY, toX, toY, to < 8 ? 0 : bottom, right);
            if ((from & to) == 0 && (from | to) != 0)
            {
                if (from != 0)
                    (fromX, fromY, from) = ClipColumn(fromX, fromY, fromX, fromY, toX, toY, from == 1 ? 0 : right);
                if (to != 0)
                    (toX, toY, to) = ClipColumn(toX, toY, fromX, fromY, toX, toY, to == 1 ? 0 : right);
            }
        }

        return (from | to) == 0;
    }

    private static (long X, long Y, int Side) ClipRow(long x, long y, long fromX, long fromY, long toX, long toY, long row, long right)
    {
        x += (row - y) * (toX - fromX) / (toY - fromY);
        return (x, row, Side(x, right));
    }

    private static (long X, long Y, int Side) ClipColumn(long x, long y, long fromX, long fromY, long toX, long toY, long column) =>
        (column, y + (column - x) * (toY - fromY) / (toX - fromX), 0);

    /// <returns>1 before the picture, 2 after it.</returns>
    private static int Side(long coordinate, long last) => coordinate < 0 ? 1 : coordinate > last ? 2 : 0;
}
