namespace Pipeline.Segmentation.Inspection;

/// <summary>A weight file that could be opened.</summary>
/// <param name="Name">Without its folder.</param>
/// <param name="Bytes">Its length.</param>
public sealed record WeightFile(string Name, long Bytes);
