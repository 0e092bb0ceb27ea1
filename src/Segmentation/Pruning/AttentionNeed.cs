namespace Pipeline.Segmentation.Pruning;

/// <summary>Which attention row a step looks at.</summary>
/// <param name="Source">Whose queries and keys.</param>
/// <param name="Row">Which query.</param>
public sealed record AttentionNeed(AttentionSource Source, QueryRow Row);
