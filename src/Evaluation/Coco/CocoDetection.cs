namespace Pipeline.Evaluation.Coco;

/// <summary>One detected object.</summary>
/// <param name="Image">Id of its image.</param>
/// <param name="Category">Id of its category.</param>
/// <param name="Score">Higher is surer; only the order counts, and equal scores keep the order of the list.</param>
public sealed record CocoDetection(long Image, long Category, double Score, CocoRegion Region);
