namespace Pipeline.Segmentation.Pruning;

/// <summary>Where things stand in a right-padded batch: text, the visual tokens at the same place in every row, text.</summary>
/// <param name="VisualStart">Index of the first visual token.</param>
/// <param name="VisualTokens">Their number. Tokens of the image that must stay whatever happens, such as separators and object tokens, are not among them and count as text.</param>
/// <param name="Rows">One per sequence.</param>
/// <remarks>Known on the host, so that no row is ever looked up on the device.</remarks>
public sealed record SequenceLayout(int VisualStart, int VisualTokens, IReadOnlyList<SequenceRow> Rows)
{
    public int VisualEnd => VisualStart + VisualTokens;

    /// <summary>Where a text token stands when only some visual tokens are left.</summary>
    /// <param name="index">Its index in the full sequence.</param>
    /// <param name="visualTokens">Visual tokens left.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is a visual token's.</exception>
    public int TextIndex(int index, int visualTokens) =>
        index < VisualStart ? index
        : index >= VisualEnd ? index - VisualTokens + visualTokens
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"index {index} is a visual token; text is before {VisualStart} and from {VisualEnd} on");

    /// <summary>Where each sequence's query row stands when only some visual tokens are left.</summary>
    public IReadOnlyList<int> QueryRows(QueryRow row, int visualTokens) => [.. Rows.Select(sequence => TextIndex(Index(sequence, row), visualTokens))];

    /// <exception cref="ArgumentException">The layout does not fit a batch of this shape.</exception>
    internal void Validate(long batch, long length)
    {
        if (Rows.Count != batch)
            throw new ArgumentException($"the layout describes {Rows.Count} sequences, the embeddings hold {batch}");
        if (VisualStart < 0 || VisualTokens < 1 || VisualEnd > length)
            throw new ArgumentException($"visual tokens {VisualStart} to {VisualEnd} do not fit a sequence of {length}");
        foreach (var row in Rows)
        {
            if (row.Length < VisualEnd || row.Length > length)
                throw new ArgumentException($"a sequence of {row.Length} real tokens does not fit: visual tokens end at {VisualEnd}, the batch at {length}");
            if (row.SegRows.Append(row.LastInstruction).Any(index => index < 0 || index >= row.Length))
                throw new ArgumentException($"a row index lies outside its sequence of {row.Length} tokens");
        }
    }

    private static int Index(SequenceRow sequence, QueryRow row) => row switch
    {
        QueryRow.LastInstruction => sequence.LastInstruction,
        QueryRow.Seg => sequence.SegRows.Count > 0 ? sequence.SegRows[0] : sequence.LastInstruction,
        QueryRow.Last => sequence.Length - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(row), row, null),
    };
}
