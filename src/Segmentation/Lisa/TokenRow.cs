namespace Pipeline.Segmentation.Lisa;

/// <summary>One tokenized conversation.</summary>
/// <param name="Ids">Token ids without padding, <see cref="ImageSplice.ImageToken"/> where the image goes.</param>
/// <param name="LastInstruction">Index of the last token before the answer.</param>
public sealed record TokenRow(IReadOnlyList<int> Ids, int LastInstruction);
