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

    [Theory]
    [InlineData(new double[] { }, "this one has 0 numbers")]
    [InlineData(new double[] { 1, 2, 3 }, "this one has 3 numbers")]
    [InlineData(new[] { 0, 0, double.NaN, 5, 5, 5 }, "no number")]
    [InlineData(new[] { 0, 0, double.PositiveInfinity, 5, 5, 5 }, "no number")]
    [InlineData(new[] { 0, 0, 1e300, 5, 5, 5 }, "13421772 pixels long")]
    [InlineData(new[] { 0, 0, 9e6, 5, 0, 5 }, "13421772 pixels long")]
    public void What_is_no_polygon_is_refused(double[] points, string message) =>
        Should.Throw<InvalidDataException>(() => Rle.FromPolygon(points, 8, 6)).Message.ShouldContain(message);
}
