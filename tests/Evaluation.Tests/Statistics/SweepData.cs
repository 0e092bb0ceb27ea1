using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

/// <summary>Seeded predictions of a sweep of three variants, some of them failed or without truth; of every three expressions two have a kind.</summary>
internal static class SweepData
{
    public const int Variants = 3;

    private static readonly string?[] Kinds = ["size", null, "relation"];

    public sealed record Row(string Sample, Measurement[] Measurements, string? Kind);

    public static Row[] Rows(int seed, int samples, double failures = 0.05)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).SelectMany(sample => Kinds.Select(kind => MakeRow(random, $"scene-{sample}", failures, kind)))];
    }

    public static SweepTally Tally(IEnumerable<Row> rows)
    {
        var tally = new SweepTally(Variants, reference: 0);
        foreach (var row in rows)
            tally.Add(row.Sample, row.Measurements, row.Kind);
        return tally;
    }

    private static Row MakeRow(Random random, string sample, double failures, string? kind)
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
            })], kind);
    }
}
