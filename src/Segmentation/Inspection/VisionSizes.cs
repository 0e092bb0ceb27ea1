namespace Pipeline.Segmentation.Inspection;

/// <summary>Sizes of a CLIP vision tower.</summary>
/// <param name="ImageSize">Side of its input, pixels.</param>
/// <param name="PatchSize">Side of a patch, pixels.</param>
/// <param name="VisualTokens">Patches of an image.</param>
/// <param name="Layers">Encoder layers.</param>
/// <param name="Width">Of a patch's state.</param>
/// <param name="FeedForward">Width within a feed-forward network.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="SelectLayer">Hidden state that a LISA takes, counted from the end if negative; null for a tower alone.</param>
public sealed record VisionSizes(int ImageSize, int PatchSize, int VisualTokens, int Layers, int Width, int FeedForward, int Heads, int? SelectLayer);
