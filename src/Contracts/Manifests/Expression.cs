namespace Pipeline.Contracts.Manifests;

/// <summary>One referring expression of a sample.</summary>
/// <param name="Text">As the dataset gives it.</param>
/// <param name="IsSentence">A whole sentence (LISA asks "{text} Please output segmentation mask.") rather than a phrase ("What is {text} in this image? ...").</param>
/// <param name="Mask">Ground truth, or null where none is known. For a synthetic scene the scene itself gives it and this is null.</param>
/// <param name="Kind">What kind of expression it is, in the dataset's own words; reports part their results by it. Null where the dataset does not say.</param>
public sealed record Expression(string Text, bool IsSentence, MaskSource? Mask, string? Kind = null)
{
    /// <summary>Characters a text may have.</summary>
    public const int LongestText = 4096;
}
