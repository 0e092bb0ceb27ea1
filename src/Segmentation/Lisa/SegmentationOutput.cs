using Pipeline.Contracts.Results;

namespace Pipeline.Segmentation.Lisa;

/// <summary>The answer to one expression.</summary>
/// <param name="Mask">Height x Width, row-major, 0 or 1; of a generated answer the union of its masks.</param>
/// <param name="Height">Of the image, pixels.</param>
/// <param name="Width">Of the image, pixels.</param>
/// <param name="Tokens">Real tokens in each decoder layer, text included, padding not.</param>
/// <param name="VisualTokens">Visual tokens in each decoder layer.</param>
/// <param name="LlmMilliseconds">Language model, the decoding of a generated answer included: this expression's share of its batch.</param>
/// <param name="MaskMilliseconds">Mask decoder and post-processing: this expression's share.</param>
public sealed record SegmentationOutput(
    byte[] Mask,
    int Height,
    int Width,
    IReadOnlyList<int> Tokens,
    IReadOnlyList<int> VisualTokens,
    double LlmMilliseconds,
    double MaskMilliseconds)
{
    /// <summary>Visual tokens of each stage; null unless asked for.</summary>
    public IReadOnlyList<TokenStage>? Stages { get; init; }

    /// <summary>What the model said; null where the answer was forced.</summary>
    public GeneratedAnswer? Answer { get; init; }
}
