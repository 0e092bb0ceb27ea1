using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Parameters of <see cref="FastV"/>.</summary>
public sealed record FastVOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.Layer, "K: layers that run on all visual tokens; the attention of layer K-1 ranks them", Minimum = 1)]
    public int Layer { get; init; } = 2;

    [Parameter(ParameterKind.Choice, "Whose attention ranks the tokens: the last token of the instruction, the one that predicts [SEG], or the last of all")]
    public QueryRow QueryRow { get; init; } = QueryRow.LastInstruction;

    [Parameter(ParameterKind.Choice, "Position ids after pruning: kept, or renumbered without gaps")]
    public PositionMode Positions { get; init; } = PositionMode.Original;
}
