namespace Pipeline.Segmentation.Pruning;

/// <summary>Whose queries and keys score the tokens.</summary>
public enum AttentionSource
{
    /// <summary>The attention of the layer just run, as FastV.</summary>
    PreviousLayer,

    /// <summary>The norm, query and key projections of the layer about to run, at the current positions, as PyramidDrop.</summary>
    NextLayer,
}
