using Pipeline.Contracts.Jobs;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>The variant that the others are compared with: the sweep's first without pruning.</summary>
internal static class ReferenceVariant
{
    public const string Method = "none";

    /// <returns>Its index, or null when the sweep has none.</returns>
    public static int? IndexIn(IReadOnlyList<VariantSpec> variants)
    {
        var index = variants.ToList().FindIndex(variant => variant.Method == Method);
        return index < 0 ? null : index;
    }
}
