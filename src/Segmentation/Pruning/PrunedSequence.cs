using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>A batch after its last layer, with the record of what went through each layer. Owns its tensors, outside every dispose scope.</summary>
/// <param name="Layout">Of the full sequence.</param>
/// <param name="Layers">One entry per decoder layer.</param>
/// <param name="Hidden">(B, n', d) after the final norm, of the tokens that are left.</param>
/// <param name="Kept">(B, k) int64, original indices of the visual tokens that are left, ascending.</param>
/// <param name="Positions">(B, n') or (1, n') int64, position ids in the last layer.</param>
public sealed record PrunedSequence(SequenceLayout Layout, IReadOnlyList<LayerPassage> Layers, Tensor Hidden, Tensor Kept, Tensor Positions) : IDisposable
{
    /// <summary>Visual tokens in each layer, the same for every sequence.</summary>
    public IReadOnlyList<int> VisualTokens => [.. Layers.Select(passage => passage.VisualTokens)];

    /// <summary>Real tokens of one sequence in each layer: text and visual tokens, no padding.</summary>
    public IReadOnlyList<int> Tokens(int sequence) =>
        [.. Layers.Select(passage => Layout.Rows[sequence].Length - Layout.VisualTokens + passage.VisualTokens)];

    /// <summary>Where a text token of the full sequence stands in <see cref="Hidden"/>.</summary>
    public int IndexOf(int textIndex) => Layout.TextIndex(textIndex, (int)Kept.shape[1]);

    /// <summary>The hidden states that predict each [SEG].</summary>
    /// <returns>(S, d): sequence by sequence, in order.</returns>
    public Tensor SegStates() => States(Layout.Rows.SelectMany((row, sequence) => row.SegRows.Select(index => (sequence, index))));

    /// <summary>The hidden state of each sequence's last token, which predicts what follows.</summary>
    /// <returns>(B, d).</returns>
    public Tensor LastStates() => States(Layout.Rows.Select((row, sequence) => (sequence, row.Length - 1)));

    /// <summary>Position id of the token that follows a sequence, in one layer.</summary>
    public int NextPosition(int layer, int sequence) => Layers[layer].Mode == PositionMode.Dense ? Tokens(sequence)[layer] : Layout.Rows[sequence].Length;

    public void Dispose()
    {
        Hidden.Dispose();
        Kept.Dispose();
        Positions.Dispose();
    }

    private Tensor States(IEnumerable<(int Sequence, int Index)> places)
    {
        using var scope = NewDisposeScope();
        var (length, size) = (Hidden.shape[1], Hidden.shape[2]);
        long[] flat = [.. places.Select(place => (place.Sequence * length) + IndexOf(place.Index))];
        return Hidden.reshape(-1, size).index_select(0, tensor(flat, device: Hidden.device)).MoveToOuterDisposeScope();
    }
}
