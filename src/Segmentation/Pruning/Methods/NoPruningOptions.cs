namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>No pruning has no parameters.</summary>
public sealed record NoPruningOptions;
