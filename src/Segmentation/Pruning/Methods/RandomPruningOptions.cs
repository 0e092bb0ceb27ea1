using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Parameters of <see cref="RandomPruning"/>.</summary>
public sealed record RandomPruningOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.Integer, "Seed; another seed draws another subset of every image", Minimum = 0)]
    public int Seed { get; init; }

    [Parameter(ParameterKind.Layer, "First layer that runs on the kept tokens; 0 prunes before the model", Minimum = 0)]
    public int Layer { get; init; }
}
