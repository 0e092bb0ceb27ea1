using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class LogHistogramTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Quantiles_are_within_the_stated_precision(double scale)
    {
        var random = new Random(3);
        var times = Enumerable.Range(0, 2001).Select(_ => scale * Math.Exp(2 * random.NextDouble())).Order().ToArray();
        var histogram = new LogHistogram();
        foreach (var time in times)
            histogram.Add(time);
        foreach (var share in new[] { 0, 0.01, 0.5, 0.95, 0.999, 1 })
        {
            var exact = times[(int)Math.Clamp(Math.Ceiling(share * times.Length) - 1, 0, times.Length - 1)];
            histogram.Quantile(share)!.Value.ShouldBe(exact, LogHistogram.Precision * exact, $"share {share}");
        }
    }

    [Fact]
    public void Times_beyond_the_range_count_at_its_ends()
    {
        var histogram = new LogHistogram();
        foreach (var time in new[] { 0, 1e-9, 1e12 })
            histogram.Add(time);
        histogram.Count.ShouldBe(3);
        histogram.Quantile(0)!.Value.ShouldBeLessThan(1e-3);
        histogram.Quantile(1)!.Value.ShouldBeGreaterThan(4e6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_time_is_refused(double milliseconds) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LogHistogram().Add(milliseconds));
}
