namespace Pipeline.Segmentation.Inspection;

/// <summary>Sizes of SAM.</summary>
/// <param name="ImageSize">Side of its input, pixels.</param>
/// <param name="PatchSize">Side of a patch, pixels.</param>
/// <param name="Blocks">Of the image encoder.</param>
/// <param name="Width">Of the image encoder.</param>
/// <param name="Heads">Of the image encoder.</param>
/// <param name="Window">Side of an attention window, patches.</param>
/// <param name="GlobalBlocks">Blocks that attend to the whole image.</param>
/// <param name="PromptWidth">Of a mask prompt and the image embedding.</param>
/// <param name="DecoderHeads">Of the mask decoder.</param>
public sealed record MaskSizes(int ImageSize, int PatchSize, int Blocks, int Width, int Heads, int Window, IReadOnlyList<int> GlobalBlocks, int PromptWidth, int DecoderHeads);
