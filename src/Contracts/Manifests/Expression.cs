namespace Pipeline.Contracts.Manifests;

/// <summary>One referring expression of a sample.</summary>
/// <param name="Text">As the dataset gives it.</param>
/// <param name="IsSentence">A whole sentence (LISA asks "{text} Please output segmentation mask.") rather than a phrase ("What is {text} in this image? ...").</param>
/// <param name="Mask">Ground truth, or null where none is known. For a synthetic scene the scene itself gives it and this is null.</param>
public sealed record Expression(string Text, bool IsSentence, MaskSource? Mask);
