namespace Pipeline.Segmentation.Pruning;

/// <summary>How a sequence went through one layer.</summary>
/// <param name="VisualTokens">Visual tokens in the layer.</param>
/// <param name="Mode">Position ids in the layer.</param>
public sealed record LayerPassage(int VisualTokens, PositionMode Mode);
