using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Parameters of <see cref="PyramidDrop"/>. A budget scales all ratios by one factor, cut off at 1; without one they are as given.</summary>
[OptionalGroup(Group)]
public sealed record PyramidDropOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.LayerList, "First layer of every stage but the first; stages of equal depth where not given, four without ratios", Minimum = 1)]
    public IReadOnlyList<int>? Boundaries { get; init; }

    [Parameter(ParameterKind.NumberList, "Share of all visual tokens that each of these stages keeps; half of the stage before where not given", Minimum = 0, AboveMinimum = true, Maximum = 1)]
    public IReadOnlyList<double>? Ratios { get; init; }

    [Parameter(ParameterKind.Choice, "Whose attention ranks the tokens: the last token of the instruction, the one that predicts [SEG], or the last of all")]
    public QueryRow QueryRow { get; init; } = QueryRow.LastInstruction;

    [Parameter(ParameterKind.Choice, "Position ids after each stage: renumbered without gaps, or kept")]
    public PositionMode Positions { get; init; } = PositionMode.Dense;
}
