namespace Pipeline.Segmentation.Text;

/// <summary>One entry of a SentencePiece vocabulary; its index is its id.</summary>
/// <param name="Text">The text, with U+2581 for a space.</param>
/// <param name="Score">Of two possible merges, the one with the higher score comes first.</param>
/// <param name="Kind">What the piece stands for.</param>
public readonly record struct SentencePiece(string Text, float Score, PieceKind Kind);
