namespace Pipeline.Evaluation.Statistics;

/// <summary>Builds the partials of all variants of a sweep from its predictions.</summary>
/// <param name="variants">Number of variants.</param>
/// <param name="reference">Index of the variant that the others are compared with.</param>
public sealed class SweepTally(int variants, int reference)
{
    private readonly VariantPartial[] partials = [.. Enumerable.Range(0, variants).Select(_ => new VariantPartial())];
    private readonly byte[] weights = new byte[PairedBootstrap.Replicates];
    private string? weighted;

    /// <summary>One per variant, in their order.</summary>
    public IReadOnlyList<VariantPartial> Partials => partials;

    /// <summary>Adds the predictions of all variants for one expression of a sample.</summary>
    /// <param name="sample">Sample id: the unit that the bootstrap draws, with all its expressions. Consecutive calls for one sample are cheapest.</param>
    /// <param name="measurements">One per variant, in their order.</param>
    /// <param name="kind">What kind of expression it is; null when the dataset does not say.</param>
    public void Add(string sample, IReadOnlyList<Measurement> measurements, string? kind = null)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        if (measurements.Count != partials.Length)
            throw new ArgumentException($"{partials.Length} variants need as many measurements, not {measurements.Count}.", nameof(measurements));
        if (weighted != sample)
            BootstrapWeights.Fill(weighted = sample, weights);
        var referenceOverlap = Overlap(measurements[reference]);
        for (var variant = 0; variant < partials.Length; variant++)
        {
            var partial = partials[variant];
            partial.Tally.Add(measurements[variant]);
            var overlap = Overlap(measurements[variant]);
            if (measurements[variant].Answer is { } answer)
                partial.Answers.Add(answer);
            if (overlap is not null)
                partial.Own.Add(overlap, weights);
            if (overlap is not null && kind is not null)
                partial.Kinds.Add(kind, overlap);
            if (overlap is not null && referenceOverlap is null)
                partial.UnpairedOwn.Add(overlap, weights);
            if (overlap is null && referenceOverlap is not null)
                partial.UnpairedReference.Add(referenceOverlap, weights);
        }
    }

    private static MaskOverlap? Overlap(Measurement measurement) => measurement.Failed ? null : measurement.Overlap;
}
