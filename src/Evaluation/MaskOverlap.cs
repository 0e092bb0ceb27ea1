namespace Pipeline.Evaluation;

/// <summary>Pixel counts from which IoU, gIoU and cIoU follow; ignored pixels (label 255) are already left out.</summary>
/// <param name="Intersection">Pixels where both masks are the object.</param>
/// <param name="Union">Pixels where at least one is.</param>
public sealed record MaskOverlap(long Intersection, long Union);
