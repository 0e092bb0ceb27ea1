namespace Pipeline.Segmentation.Pruning;

/// <summary>One sequence of a right-padded batch, in indices of the full, unpruned sequence.</summary>
/// <param name="Length">Real tokens, visual ones included.</param>
/// <param name="LastInstruction">Index of the last token of the instruction.</param>
/// <param name="SegRows">Indices whose hidden states predict a [SEG], ascending; may be empty.</param>
public sealed record SequenceRow(int Length, int LastInstruction, IReadOnlyList<int> SegRows);
