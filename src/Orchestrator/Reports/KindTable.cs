namespace Pipeline.Orchestrator.Reports;

/// <summary>Variants by kinds of expressions, the same in every form of the report.</summary>
internal static class KindTable
{
    public const string Legend = "gIoU / cIoU by kind of expression; in brackets, how many expressions were measured.";

    /// <returns>Columns, in ordinal order; none when no expression that was measured has a kind.</returns>
    public static IReadOnlyList<string> Kinds(Report report) =>
        [.. report.Variants.SelectMany(variant => variant.Kinds?.Keys ?? []).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Where predictions failed, variants measured unequally many; this counts those of the one that measured most.</summary>
    public static string Heading(Report report, string kind) => $"{kind} ({Numbers.Count(report.Variants.Max(variant => Of(variant, kind)?.Measured ?? 0))})";

    public static string Cell(VariantReport variant, string kind) =>
        Of(variant, kind) is { } measured ? $"{Numbers.Percent(measured.Giou)} / {Numbers.Percent(measured.Ciou)}" : Numbers.None;

    private static KindReport? Of(VariantReport variant, string kind) => variant.Kinds?.GetValueOrDefault(kind);
}
