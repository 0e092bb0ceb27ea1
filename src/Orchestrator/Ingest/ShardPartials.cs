using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Sums a shard's predictions up, one partial per variant.</summary>
internal static class ShardPartials
{
    /// <param name="result">Checked: in manifest order and complete.</param>
    /// <param name="slice">Its part of the manifest, which knows the kinds of the expressions.</param>
    /// <param name="variants">Number of variants.</param>
    /// <param name="reference">Index of the variant that the others are compared with.</param>
    public static IReadOnlyList<PartialRow> Of(ShardResult result, IReadOnlyList<Sample> slice, int variants, int reference)
    {
        var sweep = new SweepTally(variants, reference);
        foreach (var (predictions, expression) in result.Predictions.Chunk(variants).Zip(slice.SelectMany(sample => sample.Expressions)))
            sweep.Add(predictions[0].Sample, Array.ConvertAll(predictions, Measure), expression.Kind);
        return [.. sweep.Partials.Select((partial, variant) => new PartialRow
        {
            Job = result.Job,
            Shard = result.Shard,
            Variant = variant,
            Predictions = partial.Tally.Predictions,
            Failures = partial.Tally.Failures,
            Digest = PredictionDigest.Of(result.Predictions.Where(prediction => prediction.Variant == variant)).ToBytes(),
            Content = partial.ToBytes(),
        })];
    }

    private static Measurement Measure(Prediction prediction) => prediction.Failure is not null ? Measurement.Failure : new Measurement
    {
        Overlap = prediction.Overlap,
        VisualTokens = prediction.VisualTokens,
        Tflops = prediction.Tflops,
        LlmMilliseconds = prediction.LlmMilliseconds,
        TotalMilliseconds = prediction.TotalMilliseconds,
    };
}
