namespace Pipeline.Evaluation.Tests;

public sealed class PolygonTests
{
    [Fact]
    public void A_square_on_pixel_edges_is_those_pixels() =>
        Rle.FromPolygon([1, 2, 1, 5, 4, 5, 4, 2], 8, 6).ShouldBe(Rle.FromBox(1, 2, 3, 3, 8, 6));

    [Fact]
    public void A_polygon_round_the_whole_mask_fills_it() =>
        Rle.FromPolygon([-10, -10, -10, 30, 30, 30, 30, -10], 8, 6).Area.ShouldBe(48);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(-100, 2)]
    [InlineData(2, 100)]
    public void A_polygon_beside_the_mask_covers_nothing(double x, double y) =>
        Rle.FromPolygon([x, y, x, y + 5, x + 5, y + 5], 8, 6).Area.ShouldBe(0);

    [Fact]
    public void A_single_point_covers_nothing() => Rle.FromPolygon([3, 3, 3, 3, 3, 3], 8, 6).Area.ShouldBe(0);

    [Fact]
    public void The_direction_of_the_outline_does_not_matter()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            double[] points = [.. Enumerable.Range(0, 10).Select(_ => random.NextDouble() * 50 - 5)];
            double[] reversed = [.. points.Chunk(2).Reverse().SelectMany(point => point)];
            Rle.FromPolygon(reversed, 40, 40).ShouldBe(Rle.FromPolygon(points, 40, 40), $"case {i} of seed 5");
        }
    }

    [Fact]
    public void Parts_of_the_outline_beside_the_mask_are_passed_over_and_change_nothing()
    {
        var random = new Random(9);
        for (var i = 0; i < 2000; i++)
        {
            var (height, width) = (random.Next(1, 20), random.Next(1, 20));
            var reach = i % 4 == 0 ? 1000 : 30;
            double[] points = [.. Enumerable.Range(0, 2 * random.Next(2, 8)).Select(_ => (random.NextDouble() - 0.4) * (random.Next(3) == 0 ? reach : 20))];

            Rle.FromPolygon(points, height, width).Decode().ShouldBe(PointByPoint(points, height, width), $"case {i} of seed 9");
        }
    }

    [Fact]
    public void An_outline_of_millions_of_pixels_costs_no_more_than_the_mask_is_wide()
    {
        var started = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < 500; i++)
            Rle.FromPolygon([1e6, 1e6, -1e6, 1e6, 0, 0, 3, -1e6, 4, 1e6], 8, 6);

        // Point by point it takes a minute.
        (Environment.CpuUsage.TotalTime - started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(new double[] { }, "this one has 0 numbers")]
    [InlineData(new double[] { 1, 2, 3 }, "this one has 3 numbers")]
    [InlineData(new[] { 0, 0, double.NaN, 5, 5, 5 }, "no number")]
    [InlineData(new[] { 0, 0, double.PositiveInfinity, 5, 5, 5 }, "no number")]
    [InlineData(new[] { 0, 0, 1e300, 5, 5, 5 }, "13421772 pixels long")]
    [InlineData(new[] { 0, 0, 9e6, 5, 0, 5 }, "13421772 pixels long")]
    public void What_is_no_polygon_is_refused(double[] points, string message) =>
        Should.Throw<InvalidDataException>(() => Rle.FromPolygon(points, 8, 6)).Message.ShouldContain(message);

    /// <summary>maskApi.c, rleFrPoly, without any shortcut.</summary>
    private static byte[] PointByPoint(double[] points, int height, int width)
    {
        var outline = new List<(int X, int Y)>();
        var corners = points.Chunk(2).Select(point => (X: (int)(5 * point[0] + 0.5), Y: (int)(5 * point[1] + 0.5))).ToArray();
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            int dx = Math.Abs(to.X - from.X), dy = Math.Abs(to.Y - from.Y);
            var flip = dx >= dy ? from.X > to.X : from.Y > to.Y;
            var (start, end) = flip ? (to, from) : (from, to);
            var slope = Math.Max(dx, dy) == 0 ? 0 : dx >= dy ? (double)(end.Y - start.Y) / dx : (double)(end.X - start.X) / dy;
            for (var step = 0; step <= Math.Max(dx, dy); step++)
            {
                var along = flip ? Math.Max(dx, dy) - step : step;
                outline.Add(dx >= dy ? (start.X + along, (int)(start.Y + slope * along + 0.5)) : ((int)(start.X + slope * along + 0.5), start.Y + along));
            }
        }

        var changes = new List<int>();
        foreach (var (before, after) in outline.Zip(outline.Skip(1)).Where(pair => pair.First.X != pair.Second.X))
        {
            var column = ((after.X < before.X ? after.X : after.X - 1) + 0.5) / 5 - 0.5;
            if (Math.Floor(column) == column && column >= 0 && column <= width - 1)
                changes.Add((int)column * height + (int)Math.Ceiling(Math.Clamp((Math.Min(before.Y, after.Y) + 0.5) / 5 - 0.5, 0, height)));
        }

        var toggles = changes.Append(height * width).CountBy(position => position).Where(pair => pair.Value % 2 == 1 || pair.Key == height * width).Select(pair => pair.Key).Order().ToArray();
        var mask = new byte[height * width];
        for (var (value, at, next) = ((byte)0, 0, 0); at < mask.Length; at++)
        {
            for (; next < toggles.Length && toggles[next] == at; next++)
                value ^= 1;
            mask[(at % height * width) + (at / height)] = value;
        }

        return mask;
    }
}
