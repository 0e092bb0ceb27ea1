using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What a LISA said to one prompt, and the states that predicted its [SEG] tokens. Owns its tensors, outside every dispose scope.</summary>
/// <param name="Tokens">New tokens, the end token included when it was reached.</param>
/// <param name="Logits">(new, vocabulary): of the step that chose each token.</param>
/// <param name="Hidden">(1, n' + new - 1, d): final-norm states of the prompt, as far as it was not pruned, and of every new token but the last.</param>
/// <param name="SegRows">Rows of <paramref name="Hidden"/> whose next token is a [SEG], ascending; those of the prompt included.</param>
public sealed record GreedyAnswer(IReadOnlyList<int> Tokens, Tensor Logits, Tensor Hidden, IReadOnlyList<int> SegRows) : IDisposable
{
    /// <summary>Greedy decoding with a cache: the prompt once, pruned or not, then token by token.</summary>
    /// <remarks>LISA.evaluate re-runs the whole sequence for every token; a cache gives the same tokens.</remarks>
    /// <param name="network">The model.</param>
    /// <param name="prompt">Its [SEG] tokens count too.</param>
    /// <param name="visual">(1, N, d).</param>
    /// <param name="evidence">What pruning may know about the image.</param>
    /// <param name="pruning">Decides once, on the prompt.</param>
    /// <param name="segToken">Id of [SEG].</param>
    /// <param name="endToken">Stops after this token.</param>
    /// <param name="maxNewTokens">At least 1.</param>
    public static GreedyAnswer Generate(
        LisaNetwork network, TokenRow prompt, Tensor visual, ImageEvidence evidence, IPruningMethod pruning, int segToken, int endToken, int maxNewTokens)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(visual);
        ArgumentNullException.ThrowIfNull(pruning);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNewTokens, 1);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(network.Language.Layers.Count);
        var layout = ImageSplice.Layout([prompt], (int)visual.shape[1], segToken);
        using var prefill = network.Read([prompt], layout, visual, pruning, evidence, cache);
        var decoding = new PrunedDecoding(network.Language, prefill, cache);

        var promptLength = (int)prefill.Hidden.shape[1];
        var tokens = new List<int>();
        var segRows = layout.Rows[0].SegRows.Select(prefill.IndexOf).ToList();
        var (logits, hidden) = (new List<Tensor>(), new List<Tensor> { prefill.Hidden });
        while (true)
        {
            logits.Add(network.Language.Logits(hidden[^1].narrow(1, hidden[^1].shape[1] - 1, 1)).flatten(0, 1));
            var token = logits[^1].argmax(-1);
            tokens.Add((int)token.item<long>());
            if (tokens[^1] == segToken)
                segRows.Add(promptLength + tokens.Count - 2);
            if (tokens[^1] == endToken || tokens.Count == maxNewTokens)
                break;
            hidden.Add(decoding.Step(network.Language.Embed(token.view(1, 1))));
        }

        return new GreedyAnswer(tokens, cat(logits).DetachFromDisposeScope(), cat(hidden, 1).DetachFromDisposeScope(), segRows);
    }

    public void Dispose()
    {
        Logits.Dispose();
        Hidden.Dispose();
    }
}
