using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Sums a shard's predictions up, one partial per variant.</summary>
internal static class ShardPartials
{
    /// <param name="result">Checked: in manifest order and complete.</param>
    /// <param name="samples">Its part of the manifest, which knows the kinds of the expressions.</param>
    /// <param name="firstVariant">Index of its first variant.</param>
    /// <param name="variants">Number of its variants.</param>
    /// <param name="reference">Place among them of the variant that the others are compared with.</param>
    public static IReadOnlyList<PartialRow> Of(ShardResult result, IReadOnlyList<Sample> samples, int firstVariant, int variants, int reference) =>
        Of(result, samples, firstVariant, new SweepTally(variants, reference), variants, (_, _) => { });

    /// <param name="references">What the variant measured that the others are compared with and that is not among them, one per expression.</param>
    public static IReadOnlyList<PartialRow> Of(ShardResult result, IReadOnlyList<Sample> samples, int firstVariant, int variants, IReadOnlyList<Measurement> references) =>
        Of(result, samples, firstVariant, new SweepTally(variants + 1, variants), variants, (measurements, expression) => measurements[variants] = references[expression]);

    private static PartialRow[] Of(
        ShardResult result, IReadOnlyList<Sample> samples, int firstVariant, SweepTally sweep, int variants, Action<Measurement[], int> addReference)
    {
        var measurements = new Measurement[sweep.Partials.Count];
        var digests = Array.ConvertAll(new int[variants], _ => new PredictionDigest());
        var (at, row) = (0, 0);
        foreach (var sample in samples)
        {
            foreach (var expression in sample.Expressions)
            {
                for (var variant = 0; variant < variants; variant++, at++)
                {
                    measurements[variant] = Measure(result.Predictions[at]);
                    digests[variant].Add(result.Predictions[at]);
                }

                addReference(measurements, row++);
                sweep.Add(sample.Id, measurements, expression.Kind);
            }
        }

        return [.. sweep.Partials.Take(variants).Select((partial, variant) => new PartialRow
        {
            Job = result.Job,
            Shard = result.Shard,
            Variant = firstVariant + variant,
            Predictions = partial.Tally.Predictions,
            Failures = partial.Tally.Failures,
            Digest = digests[variant].ToBytes(),
            Content = partial.ToBytes(),
        })];
    }

    private static Measurement Measure(Prediction prediction) => prediction.Failure is not null ? Measurement.Failure : new Measurement
    {
        Overlap = prediction.Overlap,
        Answer = prediction.Answer is { } answer ? new AnswerMeasurement(answer.Masks, answer.Tokens, answer.Truncated, answer.DecodeMilliseconds) : null,
        VisualTokens = prediction.VisualTokens,
        Tflops = prediction.Tflops,
        LlmMilliseconds = prediction.LlmMilliseconds,
        TotalMilliseconds = prediction.TotalMilliseconds,
    };
}
