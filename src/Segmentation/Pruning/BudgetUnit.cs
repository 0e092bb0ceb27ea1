namespace Pipeline.Segmentation.Pruning;

/// <summary>What a budget is given in. A job file names the unit in lower case.</summary>
public enum BudgetUnit
{
    /// <summary>Share of the visual tokens that is left after the last layer.</summary>
    Keep,

    /// <summary>Visual tokens that are left after the last layer.</summary>
    Count,

    /// <summary>Visual tokens per layer, the mean over all layers.</summary>
    Average,

    /// <summary>Share left of the FLOPs that all visual tokens cost, in PyramidDrop's convention.</summary>
    Flops,
}
