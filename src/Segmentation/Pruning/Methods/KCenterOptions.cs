using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Parameters of <see cref="KCenter"/>.</summary>
public sealed record KCenterOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.Layer, "First layer that runs on the kept tokens; 0 prunes before the model", Minimum = 0)]
    public int Layer { get; init; }

    [Parameter(ParameterKind.Number, "What the length of the grid's longer side counts beside features of length 1; 0 looks at features only", Minimum = 0, Maximum = 1000)]
    public double PositionWeight { get; init; } = 1;
}
