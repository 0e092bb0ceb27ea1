using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>How a paper counts work. Only what is counted differs; the tokens are those that really go through each layer, never a nominal ratio.</summary>
/// <remarks>
/// A layer over n tokens costs n (2 d^2 + 2 d d_kv) for the four projections, 2 n^2 d for attention's two products and F n d m for the feed-forward
/// network with F matrices, in multiply-adds. d_kv is d without grouped-query attention, so that this is the papers' 4 n d^2 + 2 n^2 d + F n d m there.
/// No convention counts norms, softmax, activation functions, rotations and sums, or halves n^2 for the causal mask.
/// </remarks>
public sealed record FlopsConvention
{
    /// <summary>PyramidDrop, eq. 5 (arXiv 2410.17247): visual tokens only, three feed-forward matrices, one multiply-add is one FLOP.</summary>
    public static readonly FlopsConvention PyramidDrop = new()
    {
        Name = "pyramiddrop",
        Summary = "decoder layers, visual tokens only, 4nd^2 + 2n^2d + 3ndm, one multiply-add is one FLOP",
        FeedForwardMatrices = 3,
    };

    /// <summary>FastV, eq. 5 (arXiv 2403.06764): text too, two feed-forward matrices although LLaMA has three, one multiply-add is one FLOP.</summary>
    /// <remarks>The paper's tables put the whole prompt at 36 system tokens, ignore the user's text, and print the mean per layer.</remarks>
    public static readonly FlopsConvention FastV = new()
    {
        Name = "fastv",
        Summary = "decoder layers, visual and text tokens, 4nd^2 + 2n^2d + 2ndm, one multiply-add is one FLOP",
        FeedForwardMatrices = 2,
        CountsText = true,
        TextTokens = 36,
    };

    /// <summary>What really runs for one image and one expression: every network, all tokens, two FLOPs for a multiply-add.</summary>
    /// <remarks>The text is a LISA question about a short expression with its template; a prompt of another length is given as a number of tokens.</remarks>
    public static readonly FlopsConvention Full = new()
    {
        Name = "full",
        Summary = "all networks, visual and text tokens, ranking included, superpixels not, two FLOPs for a multiply-add",
        FeedForwardMatrices = 3,
        CountsText = true,
        CountsAllNetworks = true,
        FlopsPerMultiplyAdd = 2,
        TextTokens = 64,
    };

    /// <summary>All conventions, for help and documentation.</summary>
    public static readonly IReadOnlyList<FlopsConvention> All = [FastV, PyramidDrop, Full];

    private FlopsConvention()
    {
    }

    public required string Name { get; init; }

    /// <summary>What is counted, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Matrices of the feed-forward network that are counted.</summary>
    public required int FeedForwardMatrices { get; init; }

    /// <summary>Counts all real tokens instead of the visual ones only.</summary>
    public bool CountsText { get; init; }

    /// <summary>Counts the networks around the decoder layers, and the ranking, too.</summary>
    public bool CountsAllNetworks { get; init; }

    /// <summary>FLOPs of one multiply-add.</summary>
    public int FlopsPerMultiplyAdd { get; init; } = 1;

    /// <summary>Text tokens beside the visual ones where none are given.</summary>
    public int TextTokens { get; init; }

    /// <summary>The work of one sequence in the decoder layers.</summary>
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
