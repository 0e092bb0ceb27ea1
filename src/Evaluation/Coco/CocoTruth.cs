namespace Pipeline.Evaluation.Coco;

/// <summary>One annotation of the ground truth.</summary>
/// <param name="Id">Unique. pycocotools takes a truth with id 0 for not found even where it is, and so does <see cref="CocoEvaluation"/>.</param>
/// <param name="Image">Id of its image.</param>
/// <param name="Category">Id of its category.</param>
/// <param name="IsCrowd">A region of many objects: detections inside it count neither for nor against.</param>
public sealed record CocoTruth(long Id, long Image, long Category, bool IsCrowd, CocoRegion Region);
