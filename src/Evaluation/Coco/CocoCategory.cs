namespace Pipeline.Evaluation.Coco;

/// <summary>A category of an instances file.</summary>
/// <param name="Name">Such as <c>traffic light</c>; null where the file does not say.</param>
public sealed record CocoCategory(long Id, string? Name);
