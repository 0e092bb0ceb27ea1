using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>How a paper counts the work of the language model's layers. Only what is counted differs; the tokens are those that really went through.</summary>
/// <remarks>
/// A layer over n tokens costs n (2 d^2 + 2 d d_kv) for the four projections, 2 n^2 d for attention and F n d m for the feed-forward network with F
/// matrices, in multiply-adds. d_kv is d without grouped-query attention, so that this is the papers' 4 n d^2 + 2 n^2 d + F n d m there.
/// Left out, as in the papers: vision, projector, output head, norms, softmax, the ranking itself and the causal half of n^2.
/// </remarks>
public sealed record FlopsConvention
{
    /// <summary>PyramidDrop, eq. 5 (arXiv 2410.17247): visual tokens only, three feed-forward matrices, one multiply-add is one FLOP.</summary>
    public static readonly FlopsConvention PyramidDrop = new() { Name = "pyramiddrop", FeedForwardMatrices = 3 };

    /// <summary>FastV, eq. 5 (arXiv 2403.06764): text too, two feed-forward matrices although LLaMA has three, one multiply-add is one FLOP.</summary>
    /// <remarks>The paper's tables put the whole prompt at 36 system tokens and ignore the user's text.</remarks>
    public static readonly FlopsConvention FastV = new() { Name = "fastv", FeedForwardMatrices = 2, CountsText = true };

    /// <summary>All conventions, for help and documentation.</summary>
    public static readonly IReadOnlyList<FlopsConvention> All = [PyramidDrop, FastV];

    private FlopsConvention()
    {
    }

    public required string Name { get; init; }

    /// <summary>Matrices of the feed-forward network that are counted.</summary>
    public required int FeedForwardMatrices { get; init; }

    /// <summary>Counts all real tokens instead of the visual ones only.</summary>
    public bool CountsText { get; init; }

    /// <summary>FLOPs of one multiply-add.</summary>
    public int FlopsPerMultiplyAdd { get; init; } = 1;

    /// <summary>The work of one sequence.</summary>
    /// <param name="model">Sizes of the language model.</param>
    /// <param name="tokens">Real tokens in each layer.</param>
    /// <param name="visualTokens">Visual tokens in each layer.</param>
    /// <returns>FLOPs over all layers.</returns>
    /// <exception cref="ArgumentException">The lists do not have one entry per layer.</exception>
    public double Total(ModelShape model, IReadOnlyList<int> tokens, IReadOnlyList<int> visualTokens)
    {
        if (tokens.Count != model.Layers || visualTokens.Count != model.Layers)
            throw new ArgumentException($"token counts of {tokens.Count} and {visualTokens.Count} layers do not fit a model of {model.Layers}");
        return (CountsText ? tokens : visualTokens).Sum(count => Layer(model, count));
    }

    /// <summary>The work of one layer.</summary>
    /// <param name="model">Sizes of the language model.</param>
    /// <param name="tokens">Tokens in it; a mean may be fractional.</param>
    /// <returns>FLOPs.</returns>
    public double Layer(ModelShape model, double tokens)
    {
        double d = model.HiddenSize, m = model.IntermediateSize;
        var keyValueShare = (double)model.KeyValueHeads / model.Heads;
        var projections = tokens * 2 * d * d * (1 + keyValueShare);
        var attention = 2 * tokens * tokens * d;
        var feedForward = FeedForwardMatrices * tokens * d * m;
        return FlopsPerMultiplyAdd * (projections + attention + feedForward);
    }
}
