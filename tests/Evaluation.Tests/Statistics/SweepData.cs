using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

/// <summary>Seeded predictions of a sweep of three variants, some of them failed or without truth.</summary>
internal static class SweepData
{
    public const int Variants = 3;

    public sealed record Row(string Sample, Measurement[] Measurements);

    public static Row[] Rows(int seed, int samples, double failures = 0.05)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).SelectMany(sample => Enumerable.Range(0, 3).Select(_ => MakeRow(random, $"scene-{sample}", failures)))];
    }

    public static SweepTally Tally(IEnumerable<Row> rows)
    {
        var tally = new SweepTally(Variants, reference: 0);
        foreach (var row in rows)
            tally.Add(row.Sample, row.Measurements);
        return tally;
    }

    private static Row MakeRow(Random random, string sample, double failures)
    {
        var union = 1 + random.Next(10_000);
        var common = random.NextDouble();
        return new Row(sample, [.. Enumerable.Range(0, Variants).Select(variant => random.NextDouble() < failures
            ? Measurement.Failure
            : new Measurement
            {
                Overlap = random.NextDouble() < failures ? null : new MaskOverlap((long)(union * common * (0.7 + 0.3 * random.NextDouble())), union),
                VisualTokens = [256, 256 >> variant],
                Tflops = 0.125 * (variant + 1) + 1e-7 * random.Next(1000),
                LlmMilliseconds = 20 * Math.Exp(random.NextDouble()),
                TotalMilliseconds = 50 * Math.Exp(random.NextDouble()),
            })]);
    }
}
