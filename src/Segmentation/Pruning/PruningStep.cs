namespace Pipeline.Segmentation.Pruning;

/// <summary>One decision of a plan: which visual tokens go on from here.</summary>
/// <param name="BeforeLayer">The first layer that runs on the chosen tokens; 0 acts before the model.</param>
/// <param name="VisualTokens">How many are chosen, exactly.</param>
/// <param name="Need">The attention row the decision needs; only then is one computed.</param>
/// <param name="Select">The decision. It runs inside a dispose scope and returns tensors that it owns or that live in the context.</param>
public sealed record PruningStep(int BeforeLayer, int VisualTokens, AttentionNeed? Need, Func<PruningContext, VisualSelection> Select)
{
    /// <summary>Position ids from this step on.</summary>
    public PositionMode Positions { get; init; } = PositionMode.Original;
}
