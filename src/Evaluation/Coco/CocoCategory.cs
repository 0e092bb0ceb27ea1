namespace Pipeline.Evaluation.Coco;

/// <summary>A category of an instances file.</summary>
/// <param name="Name">Such as <c>traffic light</c>; null where the file does not say.</param>
/// <param name="Supercategory">Such as <c>outdoor</c>; null where the file does not say.</param>
public sealed record CocoCategory(long Id, string? Name, string? Supercategory = null);
