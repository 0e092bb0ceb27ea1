namespace Pipeline.Segmentation.Inspection;

/// <summary>What a LISA's tokenizer knows.</summary>
/// <param name="Tokens">Of its model and added ones.</param>
/// <param name="Seg">Id of [SEG]; null for none.</param>
/// <param name="ImageStart">Id of &lt;im_start&gt;; null for none.</param>
/// <param name="ImageEnd">Id of &lt;im_end&gt;; null for none.</param>
public sealed record TokenizerFacts(int Tokens, int? Seg, int? ImageStart, int? ImageEnd);
