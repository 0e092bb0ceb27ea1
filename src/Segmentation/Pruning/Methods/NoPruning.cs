using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>All visual tokens go through all layers: what the others are compared with.</summary>
public sealed class NoPruning : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model) => [];
}
