namespace Pipeline.Segmentation.Pruning;

/// <summary>Position ids of the tokens that go on.</summary>
public enum PositionMode
{
    /// <summary>Every token keeps the position it came with; gaps stay, as FastV.</summary>
    Original,

    /// <summary>Renumbered 0 to n-1, as PyramidDrop.</summary>
    Dense,
}
