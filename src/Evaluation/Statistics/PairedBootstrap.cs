namespace Pipeline.Evaluation.Statistics;

/// <summary>gIoU and cIoU with 95 % intervals, alone and as difference to the reference variant or between two others.</summary>
/// <remarks>
/// Percentile intervals of a Poisson bootstrap that draws whole samples, since the expressions of one image are not independent. A difference
/// uses only the expressions that both variants measured. With few samples an interval is too narrow; below about 20 it means little.
/// </remarks>
public static class PairedBootstrap
{
    public const int Replicates = 400;

    private const double Tail = 0.025;

    private static readonly BootstrapSums None = new();

    /// <returns>Null when nothing was measured.</returns>
    public static Estimate? Giou(VariantPartial variant) => Estimate(replicate => Checked(variant).Own.Giou(replicate, None));

    /// <returns>Null when nothing was measured.</returns>
    public static Estimate? Ciou(VariantPartial variant) => Estimate(replicate => Checked(variant).Own.Ciou(replicate, None));

    /// <returns>gIoU of the variant minus that of the reference; null when they share no measured prediction.</returns>
    public static Estimate? GiouDifference(VariantPartial variant, VariantPartial reference)
    {
        RequirePairs(variant, reference);
        return Estimate(replicate => variant.Own.Giou(replicate, variant.UnpairedOwn) - reference.Own.Giou(replicate, variant.UnpairedReference));
    }

    /// <returns>cIoU of the variant minus that of the reference; null when they share no measured prediction.</returns>
    public static Estimate? CiouDifference(VariantPartial variant, VariantPartial reference)
    {
        RequirePairs(variant, reference);
        return Estimate(replicate => variant.Own.Ciou(replicate, variant.UnpairedOwn) - reference.Own.Ciou(replicate, variant.UnpairedReference));
    }

    /// <summary>Two variants of one sweep, neither of which need be its reference.</summary>
    /// <returns>gIoU of the first minus that of the second; null when either measured other expressions than the reference did, since only then are the two known to be pairs.</returns>
    public static Estimate? GiouBetween(VariantPartial first, VariantPartial second) =>
        ArePairs(first, second) ? Estimate(replicate => first.Own.Giou(replicate, None) - second.Own.Giou(replicate, None)) : null;

    /// <summary>Two variants of one sweep, neither of which need be its reference.</summary>
    /// <returns>cIoU of the first minus that of the second; null when either measured other expressions than the reference did, since only then are the two known to be pairs.</returns>
    public static Estimate? CiouBetween(VariantPartial first, VariantPartial second) =>
        ArePairs(first, second) ? Estimate(replicate => first.Own.Ciou(replicate, None) - second.Own.Ciou(replicate, None)) : null;

    private static Estimate? Estimate(Func<int, double?> statistic)
    {
        if (statistic(0) is not { } value)
            return null;
        var replicates = Enumerable.Range(1, Replicates).Select(statistic).OfType<double>().Order().ToArray();
        return replicates.Length == 0 ? new Estimate(value, value, value) : new Estimate(value, Quantile(replicates, Tail), Quantile(replicates, 1 - Tail));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static VariantPartial Checked(VariantPartial variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return variant;
    }

    private static bool ArePairs(VariantPartial first, VariantPartial second)
    {
        if (!Checked(first).MeasuredAsReference || !Checked(second).MeasuredAsReference)
            return false;
        if (first.Own.Count != second.Own.Count)
            throw new ArgumentException($"The partials cover different shards: {first.Own.Count} and {second.Own.Count} paired predictions.", nameof(second));
        return true;
    }

    private static void RequirePairs(VariantPartial variant, VariantPartial reference)
    {
        long pairs = Checked(variant).Own.Count - variant.UnpairedOwn.Count, counterparts = Checked(reference).Own.Count - variant.UnpairedReference.Count;
        if (pairs != counterparts)
            throw new ArgumentException($"The partials cover different shards: {pairs} paired predictions of the variant, {counterparts} of the reference.", nameof(reference));
    }
}
