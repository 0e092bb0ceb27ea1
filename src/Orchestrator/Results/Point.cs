using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>A variant in the figure.</summary>
/// <param name="Flops">Percent of the FLOPs of <c>none</c>.</param>
/// <param name="Giou">Percent.</param>
internal sealed record Point(VariantReport Variant, double Flops, double Giou);
