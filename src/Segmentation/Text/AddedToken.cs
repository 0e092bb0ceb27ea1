namespace Pipeline.Segmentation.Text;

/// <summary>A token that is cut out of the text before SentencePiece sees it.</summary>
/// <param name="Text">What it looks like in the text.</param>
/// <param name="StripLeft">White space before it disappears.</param>
/// <param name="StripRight">White space after it disappears.</param>
/// <remarks>A token that was added by a plain string strips both sides in transformers 4.31, newlines too.</remarks>
internal sealed record AddedToken(string Text, bool StripLeft = true, bool StripRight = true);
