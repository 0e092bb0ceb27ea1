using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A variant minus the best of its budget.</summary>
/// <param name="Variant">Name of that best one.</param>
/// <param name="Giou">Difference of gIoU; null unless both measured the very expressions that <c>none</c> measured.</param>
/// <param name="Ciou">Difference of cIoU; null likewise.</param>
public sealed record DifferenceToBestReport(string Variant, Estimate? Giou, Estimate? Ciou);
