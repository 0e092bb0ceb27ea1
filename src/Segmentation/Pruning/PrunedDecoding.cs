using Pipeline.Segmentation.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>Goes on token by token after a pruned prefill: every layer has its own cache length and position, and nothing is ranked again.</summary>
/// <param name="model">The decoder.</param>
/// <param name="prefill">What <see cref="PruningExecutor.Run"/> returned.</param>
/// <param name="cache">What it filled.</param>
public sealed class PrunedDecoding(LlamaModel model, PrunedSequence prefill, KeyValueCache cache)
{
    private readonly IReadOnlyList<int> prefilled = cache.Lengths;
    private readonly bool padded = prefill.Layout.Rows.Select(row => row.Length).Distinct().Count() > 1;

    /// <param name="embeddings">(B, 1, d), the next token of every sequence.</param>
    /// <returns>(B, 1, d) after the final norm.</returns>
    public Tensor Step(Tensor embeddings)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var hidden = embeddings;
        LayerPassage? last = null;
        Rotation? rotation = null;
        Tensor? mask = null;
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            if (prefill.Layers[layer] != last)
            {
                last = prefill.Layers[layer];
                rotation = model.Rotary.At(Positions(layer));
                mask = padded ? model.Mask.For(1, cache[layer].Length + 1, RealKeys(layer)) : null;
            }

            hidden = model.Layers[layer].Forward(hidden, rotation!, mask, cache[layer]);
        }

        return model.Normalize(hidden).MoveToOuterDisposeScope();
    }

    private Tensor Positions(int layer)
    {
        var steps = cache[layer].Length - prefilled[layer];
        long[] next = [.. Enumerable.Range(0, prefill.Layout.Rows.Count).Select(sequence => (long)(prefill.NextPosition(layer, sequence) + steps))];
        return tensor(next, [next.Length, 1], device: model.Device);
    }

    private Tensor RealKeys(int layer)
    {
        var (batch, keys) = (prefill.Layout.Rows.Count, cache[layer].Length + 1);
        var real = new bool[batch * keys];
        for (var sequence = 0; sequence < batch; sequence++)
        {
            var length = prefill.Tokens(sequence)[layer];
            for (var key = 0; key < keys; key++) real[(sequence * keys) + key] = key < length || key >= prefilled[layer];
        }

        return tensor(real, [batch, keys], device: model.Device);
    }
}
