namespace Pipeline.Evaluation.Coco;

/// <summary>What a truth or a detection covers.</summary>
/// <param name="Area">Square pixels, by which it is small, medium or large.</param>
/// <param name="Box">For IoU of boxes.</param>
/// <param name="Mask">For IoU of masks; null where only boxes are compared.</param>
public sealed record CocoRegion(double Area, CocoBox Box, Rle? Mask);
