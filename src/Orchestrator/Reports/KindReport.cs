namespace Pipeline.Orchestrator.Reports;

/// <summary>What one variant gave on the expressions of one kind.</summary>
/// <param name="Measured">Predictions that were compared with a ground truth.</param>
/// <param name="Giou">Mean IoU.</param>
/// <param name="Ciou">Sum of intersections over sum of unions.</param>
public sealed record KindReport(long Measured, double? Giou, double? Ciou);
