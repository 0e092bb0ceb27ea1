using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Keeps a random subset of the visual tokens: a strong baseline at small budgets.</summary>
/// <remarks>
/// The subset follows from the seed and the image alone, so that a sample gives the same result in any batch and on any machine; all expressions
/// of an image share it. Positions stay.
/// </remarks>
public sealed class RandomPruning(RandomPruningOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var budget = options.KeptFrom(options.Layer, model);
        return budget == model.VisualTokens ? [] : [new PruningStep(options.Layer, budget, null, context => Select(context, budget))];
    }

    private VisualSelection Select(PruningContext context, int budget)
    {
        var state = new SplitMix64((ulong)options.Seed, context.Image.Key);
        var drawn = Draw(state, context.Layout.VisualTokens, budget);
        var batch = context.Tokens.shape[0];
        return new VisualSelection(tensor(drawn, [1, budget], device: context.Hidden.device).expand(batch, budget));
    }

    /// <summary>Floyd's sampling: every subset is equally likely.</summary>
    internal static long[] Draw(SplitMix64 random, int total, int count)
    {
        var drawn = new SortedSet<long>();
        for (var candidate = total - count; candidate < total; candidate++)
        {
            if (!drawn.Add(random.Below(candidate + 1))) drawn.Add(candidate);
        }

        return [.. drawn];
    }
}
