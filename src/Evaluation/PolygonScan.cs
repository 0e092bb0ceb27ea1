using System.Runtime.InteropServices;

namespace Pipeline.Evaluation;

/// <summary>Runs of a polygon's inside, pixel for pixel as pycocotools has it.</summary>
/// <remarks>
/// cocodataset/cocoapi, common/maskApi.c, rleFrPoly: corners are rounded to fifths of a pixel, edges are walked in fifths along their longer axis,
/// and where the walk passes the middle of a column the mask changes from that row on. An odd number of changes leaves the rest of the mask inside.
/// </remarks>
internal static class PolygonScan
{
    private const int Fifths = 5;

    /// <summary>Fifths of a pixel that an outline may be long, so that a few hostile numbers cannot ask for endless work: 13 million pixels.</summary>
    private const long LongestOutline = 1 << 26;

    /// <param name="points">x, y, x, y, ... in pixels; at least one point.</param>
    /// <param name="height">Of the mask, checked.</param>
    /// <param name="width">Of the mask, checked.</param>
    /// <exception cref="InvalidDataException">The number of coordinates is odd or zero, one is not finite, or the outline is too long.</exception>
    public static int[] Runs(ReadOnlySpan<double> points, int height, int width)
    {
        if (points.Length == 0 || points.Length % 2 != 0)
            throw new InvalidDataException($"A polygon is a list of x, y, x, y, ...; this one has {points.Length} numbers.");
        var corners = new (int X, int Y)[points.Length / 2];
        for (var i = 0; i < corners.Length; i++)
            corners[i] = (Corner(points[2 * i]), Corner(points[2 * i + 1]));
        var changes = new List<int>();
        var walk = new Walk(changes, height, width);
        var length = 0L;
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            if ((length += Math.Max(Math.Abs(from.X - to.X), Math.Abs(from.Y - to.Y)) + 1) > LongestOutline)
                throw TooLong();
            walk.Edge(from.X, from.Y, to.X, to.Y);
        }

        changes.Add(height * width);
        return Differences(changes);
    }

    private static int Corner(double coordinate) =>
        Math.Abs(coordinate) < LongestOutline / Fifths ? (int)(Fifths * coordinate + 0.5) : throw TooLong();

    private static InvalidDataException TooLong() =>
        new($"A polygon's outline may be {LongestOutline / Fifths} pixels long; this one is longer, or has a coordinate that is no number.");

    /// <summary>Sorted positions to lengths of runs; two changes at one place are none.</summary>
    private static int[] Differences(List<int> changes)
    {
        changes.Sort();
        var positions = CollectionsMarshal.AsSpan(changes);
        var runs = new List<int>(positions.Length) { positions[0] };
        for (var i = 1; i < positions.Length; i++)
        {
            if (positions[i] > positions[i - 1])
                runs.Add(positions[i] - positions[i - 1]);
            else if (++i < positions.Length)
                runs[^1] += positions[i] - positions[i - 1];
        }

        return [.. runs];
    }

    /// <summary>Goes round the outline and notes where it passes the middle of a column.</summary>
    private struct Walk(List<int> changes, int height, int width)
    {
        private int lastX;
        private int lastY;
        private bool begun;

        public void Edge(int startX, int startY, int endX, int endY)
        {
            int dx = Math.Abs(endX - startX), dy = Math.Abs(endY - startY);
            var flat = dx >= dy;
            // Both directions of an edge give the same points, so that neighbours share them.
            var flip = flat ? startX > endX : startY > endY;
            if (flip)
                (startX, startY, endX, endY) = (endX, endY, startX, startY);
            var steps = Math.Max(dx, dy);
            // A single point has no slope; upstream divides 0 by 0 and then rounds a NaN times 0, which is never a change of column.
            var slope = steps == 0 ? 0 : (double)(flat ? endY - startY : endX - startX) / steps;
            // x goes one way along an edge, and only the columns of the mask can change: the rest of a long edge is passed over.
            var rising = X(steps) >= X(0);
            var (first, last) = rising ? (Before(0), Before((Fifths * width) + 1) - 1) : (Before(Fifths * width), Before(-1) - 1);
            var (along, end, direction) = flip ? (last, first, -1) : (first, last, 1);
            for (; (end - along) * direction >= 0; along += direction)
            {
                Point(X(along), Y(along));
                if (flat)
                    continue;
                along = EndOfColumn();
                Point(X(along), Y(along));
            }

            int X(int along) => flat ? startX + along : (int)(startX + slope * along + 0.5);

            int Y(int along) => flat ? (int)(startY + slope * along + 0.5) : startY + along;

            // How many points lie before the first whose x has come to the limit.
            int Before(int limit)
            {
                int low = 0, high = steps + 1;
                while (low < high)
                {
                    var middle = low + (high - low) / 2;
                    if (rising ? X(middle) < limit : X(middle) > limit)
                        low = middle + 1;
                    else
                        high = middle;
                }

                return low;
            }

            // The last of the points from here on that have the same x.
            int EndOfColumn()
            {
                var (x, at) = (X(along), along);
                for (var jump = 1; jump > 0;)
                {
                    var next = at + jump * direction;
                    var same = (end - next) * direction >= 0 && X(next) == x;
                    (at, jump) = same ? (next, jump * 2) : (at, jump / 2);
                }

                return at;
            }
        }

        private void Point(int x, int y)
        {
            if (begun && x != lastX)
                Cross(x < lastX ? x : x - 1, Math.Min(y, lastY));
            (lastX, lastY, begun) = (x, y, true);
        }

        private readonly void Cross(int leftX, int upperY)
        {
            var column = (leftX + 0.5) / Fifths - 0.5;
            if (Math.Floor(column) != column || column < 0 || column > width - 1)
                return;
            var row = Math.Ceiling(Math.Clamp((upperY + 0.5) / Fifths - 0.5, 0, height));
            changes.Add((int)column * height + (int)row);
        }
    }
}
