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
    private readonly int longest = prefill.Layout.Rows.Max(row => row.Length);
    private int[] sequences = [.. Enumerable.Range(0, prefill.Layout.Rows.Count)];

    private bool Padded => sequences.Any(sequence => prefill.Layout.Rows[sequence].Length < longest);

    /// <summary>Goes on with some of the sequences only; the others have ended.</summary>
    /// <param name="places">Places of those that go on among those that are left, ascending.</param>
    public void Keep(IReadOnlyList<int> places)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        long[] kept = [.. places];
        cache.Keep(tensor(kept, device: model.Device));
        sequences = [.. places.Select(place => sequences[place])];
    }

    /// <param name="embeddings">(B, 1, d), the next token of every sequence that is left.</param>
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
                mask = Padded ? model.Mask.For(1, cache[layer].Length + 1, RealKeys(layer)) : null;
            }

            hidden = model.Layers[layer].Forward(hidden, rotation!, mask, cache[layer]);
        }

        return model.Normalize(hidden).MoveToOuterDisposeScope();
    }

    private Tensor Positions(int layer)
    {
        var steps = cache[layer].Length - prefilled[layer];
        long[] next = [.. sequences.Select(sequence => (long)(prefill.NextPosition(layer, sequence) + steps))];
        return tensor(next, [next.Length, 1], device: model.Device);
    }

    private Tensor RealKeys(int layer)
    {
        var (batch, keys) = (sequences.Length, cache[layer].Length + 1);
        var real = new bool[batch * keys];
        for (var place = 0; place < batch; place++)
        {
            var length = prefill.Tokens(sequences[place])[layer];
            for (var key = 0; key < keys; key++) real[(place * keys) + key] = key < length || key >= prefilled[layer];
        }

        return tensor(real, [batch, keys], device: model.Device);
    }
}
