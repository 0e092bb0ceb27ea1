using Pipeline.Evaluation;

namespace Pipeline.Contracts.Synthetic;

/// <summary>Which object is seen at each pixel.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Shapes">From the farthest to the nearest.</param>
/// <param name="Owners">Per pixel, row-major: 0 the background, else 1 + index of the shape.</param>
/// <param name="FullAreas">Per shape, pixels before others hid any.</param>
internal sealed record SceneLayout(int Width, int Height, IReadOnlyList<PlacedShape> Shapes, byte[] Owners, IReadOnlyList<int> FullAreas)
{
    private const int Tries = 40;
    private const int LeastVisiblePercent = 60;

    /// <summary>Least visible pixels in a picture whose shorter side is 256.</summary>
    private const int LeastVisible = 350;

    /// <summary>Centres are at least this share of the sum of the radii apart, in percent: shapes overlap, but only so far.</summary>
    private const int LeastDistancePercent = 62;

    private static readonly int ColorCount = Enum.GetValues<SceneColor>().Length;
    private static readonly int ShapeCount = Enum.GetValues<SceneShape>().Length;

    /// <param name="crowded">7 to 9 objects instead of 2 to 6.</param>
    /// <returns>Null when the draw left an object without a place or too little of one visible: of a crowd in a square picture in 3 of 10 draws, else more seldom.</returns>
    public static SceneLayout? TryDraw(int width, int height, bool crowded, RandomStream random)
    {
        var shorter = Math.Min(width, height);
        var count = crowded ? random.Between(7, 9) : 2 + random.Weighted([12, 22, 26, 24, 16]);
        var colors = Palette(ColorCount, 1 + random.Below(4), random);
        var outlines = Palette(ShapeCount, 1 + random.Below(3), random);
        var shapes = new List<PlacedShape>(count);
        while (shapes.Count < count)
        {
            if (TryPlace(shapes, width, height, shorter, colors, outlines, random) is not { } shape)
                return null;
            shapes.Add(shape);
        }

        var layout = Stack(width, height, shapes);
        return layout.IsEveryShapeVisible(shorter) ? layout : null;
    }

    /// <summary>The objects as they are seen.</summary>
    public IReadOnlyList<SceneObject> See() => [.. Shapes.Select((shape, index) => See(shape, (byte)(index + 1), FullAreas[index]))];

    private static int[] Palette(int choices, int count, RandomStream random)
    {
        var all = Enumerable.Range(0, choices).ToArray();
        for (var i = 0; i < count; i++)
        {
            var other = random.Between(i, choices - 1);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }

    private static PlacedShape? TryPlace(List<PlacedShape> placed, int width, int height, int shorter, int[] colors, int[] outlines, RandomStream random)
    {
        var size = (SceneSize)random.Below(2);
        var radius = (size == SceneSize.Small ? random.Between(19 * PlacedShape.One, 25 * PlacedShape.One) : random.Between(35 * PlacedShape.One, 50 * PlacedShape.One)) * shorter / 256;
        // Sine and cosine from the tangent of half the angle, n/64: exact fractions, no library function. 11/64 is 19.5 degrees.
        var n = random.Between(-11, 11);
        var shape = new PlacedShape(
            (SceneShape)outlines[random.Below(outlines.Length)],
            (SceneColor)colors[random.Below(colors.Length)],
            (SceneTexture)random.Weighted([2, 1, 1]),
            size,
            radius,
            0,
            0,
            16384 * (4096 - n * n) / (4096 + n * n),
            16384 * 128 * n / (4096 + n * n));
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            shape = shape with
            {
                X = random.Between(shape.Reach, width * PlacedShape.One - shape.Reach),
                Y = random.Between(shape.Reach, height * PlacedShape.One - shape.Reach),
            };
            if (placed.TrueForAll(other => AreApart(shape, other)))
                return shape;
        }

        return null;
    }

    private static bool AreApart(PlacedShape first, PlacedShape second)
    {
        long dx = first.X - second.X, dy = first.Y - second.Y, least = (first.Radius + second.Radius) * (long)LeastDistancePercent / 100;
        return dx * dx + dy * dy >= least * least;
    }

    private static SceneLayout Stack(int width, int height, List<PlacedShape> shapes)
    {
        var owners = new byte[width * height];
        var areas = new int[shapes.Count];
        for (var index = 0; index < shapes.Count; index++)
        {
            var shape = shapes[index];
            var last = (shape.X + shape.Reach) / PlacedShape.One;
            for (var y = (shape.Y - shape.Reach) / PlacedShape.One; y <= Math.Min(height - 1, (shape.Y + shape.Reach) / PlacedShape.One); y++)
                for (var x = (shape.X - shape.Reach) / PlacedShape.One; x <= Math.Min(width - 1, last); x++)
                {
                    var (u, v) = shape.Local(x * PlacedShape.One + PlacedShape.One / 2, y * PlacedShape.One + PlacedShape.One / 2);
                    if (!shape.Contains(u, v))
                        continue;
                    owners[y * width + x] = (byte)(index + 1);
                    areas[index]++;
                }
        }

        return new SceneLayout(width, height, shapes, owners, areas);
    }

    private bool IsEveryShapeVisible(int shorter)
    {
        Span<int> visible = stackalloc int[Shapes.Count + 1];
        visible.Clear();
        foreach (var owner in Owners)
            visible[owner]++;
        for (var index = 0; index < Shapes.Count; index++)
            if (visible[index + 1] * 100L < FullAreas[index] * (long)LeastVisiblePercent || visible[index + 1] * 65536L < (long)LeastVisible * shorter * shorter)
                return false;
        return true;
    }

    private SceneObject See(PlacedShape shape, byte owner, int fullArea)
    {
        var mask = new byte[Owners.Length];
        long sumX = 0, sumY = 0;
        int area = 0, left = Width, right = -1, top = Height, bottom = -1;
        for (var y = 0; y < Height; y++)
        {
            var row = Owners.AsSpan(y * Width, Width);
            if (row.IndexOf(owner) is not (>= 0 and var first))
                continue;
            var last = row.LastIndexOf(owner);
            for (var x = first; x <= last; x++)
            {
                if (row[x] != owner)
                    continue;
                mask[y * Width + x] = 1;
                area++;
                sumX += x;
                sumY += y;
            }

            (left, right, top, bottom) = (Math.Min(left, first), Math.Max(right, last), Math.Min(top, y), y);
        }

        return new SceneObject
        {
            Shape = shape.Shape,
            Color = shape.Color,
            Texture = shape.Texture,
            Size = shape.Size,
            Radius = shape.Radius,
            CentroidX = (sumX * PlacedShape.One + area * (PlacedShape.One / 2L)) / area,
            CentroidY = (sumY * PlacedShape.One + area * (PlacedShape.One / 2L)) / area,
            Area = area,
            FullArea = fullArea,
            Bounds = new PixelBox(left, top, right - left + 1, bottom - top + 1),
            Mask = Rle.Encode(mask, Height, Width),
        };
    }
}
