namespace Pipeline.Evaluation;

/// <summary>A binary mask in COCO's run-length encoding, column by column.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Counts">pycocotools' compressed string.</param>
public sealed record Rle(int Height, int Width, string Counts);
