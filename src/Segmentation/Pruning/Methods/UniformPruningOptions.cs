using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Parameters of <see cref="UniformPruning"/>.</summary>
public sealed record UniformPruningOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.Layer, "First layer that runs on the kept tokens; 0 prunes before the model", Minimum = 0)]
    public int Layer { get; init; }
}
