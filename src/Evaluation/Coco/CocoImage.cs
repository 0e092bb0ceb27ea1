namespace Pipeline.Evaluation.Coco;

/// <summary>An image of an instances file.</summary>
/// <param name="File">Name of its file; null where the file does not say.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record CocoImage(long Id, string? File, int Height, int Width);
