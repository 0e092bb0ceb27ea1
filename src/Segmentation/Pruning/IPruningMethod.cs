using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>A way to go on with fewer visual tokens.</summary>
public interface IPruningMethod
{
    /// <summary>What happens where, for a model of this shape.</summary>
    /// <returns>At most one step before a layer; none at all leaves the model as it is.</returns>
    /// <exception cref="ArgumentException">A setting does not fit the model; the message says what would.</exception>
    IReadOnlyList<PruningStep> Plan(ModelShape model);

    /// <summary>Visual tokens in each layer of a model of this shape. A run records exactly these.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the model; the message says what would.</exception>
    IReadOnlyList<int> VisualTokensPerLayer(ModelShape model) => Schedule.Of(Plan(model), model).VisualTokens;
}
