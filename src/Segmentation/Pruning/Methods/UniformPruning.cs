using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Keeps visual tokens at equal distances in raster order.</summary>
/// <remarks>Token i of k is floor((i + 1/2) N / k), the middle of the i-th of k equal parts, so no end of the raster is left out. Positions stay.</remarks>
public sealed class UniformPruning(UniformPruningOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var budget = options.KeptFrom(options.Layer, model);
        return budget == model.VisualTokens ? [] : [new PruningStep(options.Layer, budget, null, context => Select(context, budget))];
    }

    private static VisualSelection Select(PruningContext context, int budget)
    {
        long total = context.Layout.VisualTokens;
        long[] chosen = [.. Enumerable.Range(0, budget).Select(i => ((2L * i) + 1) * total / (2L * budget))];
        return new VisualSelection(tensor(chosen, [1, budget], device: context.Hidden.device).expand(context.Tokens.shape[0], budget));
    }
}
