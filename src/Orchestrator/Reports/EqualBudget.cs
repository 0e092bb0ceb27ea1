using System.Globalization;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Variants that cost the same, the best first: those that may be compared with each other.</summary>
/// <remarks>
/// A variant whose budget is set in <c>flops</c> stands with those of equal FLOPs, any other with those of equal average visual tokens, both as measured,
/// for whole tokens let no method meet a budget exactly. <c>none</c> stands nowhere.
/// </remarks>
/// <param name="InFlops">Equal in FLOPs, otherwise in average visual tokens.</param>
/// <param name="Variants">By descending gIoU; among equals the cheaper first.</param>
public sealed record EqualBudget(bool InFlops, IReadOnlyList<VariantReport> Variants)
{
    /// <summary>How much less than the dearest of its budget a variant may cost, as a share.</summary>
    public const double Tolerance = 0.05;

    private const string FlopsSetting = "flops";

    /// <summary>Groups the variants of a report, the dearest group first, those in tokens before those in FLOPs. Variants of which nothing was measured are left out.</summary>
    public static IReadOnlyList<EqualBudget> Of(IReadOnlyList<VariantReport> variants) =>
    [
        .. Group(variants.Where(variant => !variant.Settings.ContainsKey(FlopsSetting)), inFlops: false),
        .. Group(variants.Where(variant => variant.Settings.ContainsKey(FlopsSetting)), inFlops: true),
    ];

    /// <summary>What its variants cost, lowest to highest: visual tokens, or TFLOPs.</summary>
    public (double Least, double Most) Cost
    {
        get
        {
            var costs = Variants.Select(variant => CostOf(variant, InFlops)).ToArray();
            return (costs.Min(), costs.Max());
        }
    }

    /// <summary>For a person: <c>63.8–64.0 tokens</c>, <c>34.9–35.1 % of FLOPs</c>.</summary>
    /// <param name="none">What the FLOPs are a share of.</param>
    internal string Label(VariantReport none)
    {
        var (least, most) = Cost;
        var scale = InFlops ? 100 / none.TflopsPerSample!.Value : 1;
        var (low, high) = (Rounded(least * scale), Rounded(most * scale));
        return $"{(low == high ? high : $"{low}–{high}")} {(InFlops ? "% of FLOPs" : "tokens")}";
    }

    private static IEnumerable<EqualBudget> Group(IEnumerable<VariantReport> variants, bool inFlops)
    {
        var left = variants
            .Where(variant => variant is { Method: not ReferenceVariant.Method, Giou: not null, AverageVisualTokens: not null, TflopsPerSample: not null })
            .OrderByDescending(variant => CostOf(variant, inFlops))
            .ToList();
        while (left.Count > 0)
        {
            var least = CostOf(left[0], inFlops) * (1 - Tolerance);
            var size = left.TakeWhile(variant => CostOf(variant, inFlops) >= least).Count();
            yield return new EqualBudget(
                inFlops,
                [
                    .. left.Take(size)
                        .OrderByDescending(variant => variant.Giou)
                        .ThenBy(variant => variant.TflopsPerSample)
                        .ThenBy(variant => variant.Name, StringComparer.Ordinal),
                ]);
            left.RemoveRange(0, size);
        }
    }

    private static double CostOf(VariantReport variant, bool inFlops) => inFlops ? variant.TflopsPerSample!.Value : variant.AverageVisualTokens!.Value;

    private static string Rounded(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
