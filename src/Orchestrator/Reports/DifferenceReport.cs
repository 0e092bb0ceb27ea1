using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A variant minus the reference, over the expressions that both measured.</summary>
/// <param name="Giou">Difference of gIoU; null when they share no measured expression.</param>
/// <param name="Ciou">Difference of cIoU; null when they share no measured expression.</param>
public sealed record DifferenceReport(Estimate? Giou, Estimate? Ciou);
