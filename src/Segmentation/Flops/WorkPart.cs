namespace Pipeline.Segmentation.Flops;

/// <summary>What one part of a model costs.</summary>
/// <param name="Name">In words.</param>
/// <param name="Flops">In the convention of the whole.</param>
public sealed record WorkPart(string Name, double Flops);
