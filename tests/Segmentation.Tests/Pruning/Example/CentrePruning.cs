using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning.Example;

/// <summary>Keeps the visual tokens nearest to the centre of the image, where photographers put what matters.</summary>
internal sealed class CentrePruning(CentrePruning.Options options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var budget = options.KeptFrom(options.Layer, model);
        return budget == model.VisualTokens
            ? []
            : [new PruningStep(options.Layer, budget, null, context => Select(context, model, budget)) { Positions = options.Positions }];
    }

    private static VisualSelection Select(PruningContext context, ModelShape model, int budget)
    {
        long[] kept = [.. Enumerable.Range(0, model.VisualTokens).OrderBy(token => FromCentre(token, model)).Take(budget).Order()];
        return new VisualSelection(tensor(kept, [1, budget], device: context.Hidden.device).expand(context.Tokens.shape[0], budget));
    }

    /// <returns>Squared distance in half tokens. Sorting is stable, so of equally near tokens the first in raster order wins.</returns>
    private static int FromCentre(int token, ModelShape model)
    {
        var (down, across) = ((2 * (token / model.GridWidth)) - model.GridHeight + 1, (2 * (token % model.GridWidth)) - model.GridWidth + 1);
        return (down * down) + (across * across);
    }

    internal sealed record Options : TokenBudgetOptions
    {
        [Parameter(ParameterKind.Layer, "First layer that runs on the kept tokens; 0 prunes before the model", Minimum = 0)]
        public int Layer { get; init; }

        [Parameter(ParameterKind.Choice, "Position ids after pruning: kept, or renumbered without gaps")]
        public PositionMode Positions { get; init; } = PositionMode.Original;
    }
}
