namespace Pipeline.Segmentation.Lisa;

/// <summary>Sizes of a LISA that is made rather than loaded.</summary>
internal sealed record ModelSizes
{
    public int Hidden { get; init; } = 96;

    public int Intermediate { get; init; } = 256;

    public int Layers { get; init; } = 4;

    public int Heads { get; init; } = 4;

    public int MaxPositions { get; init; } = 2048;

    public int ClipWidth { get; init; } = 64;

    public int ClipLayers { get; init; } = 3;

    public int ClipHeads { get; init; } = 4;

    public int ClipMlp { get; init; } = 128;

    /// <summary>With <see cref="ClipPatch"/> a grid of 16 x 16 visual tokens, as in LISA-7B.</summary>
    public int ClipImage { get; init; } = 224;

    public int ClipPatch { get; init; } = 14;

    public int SamImage { get; init; } = 256;

    public int SamPatch { get; init; } = 16;

    public int SamWidth { get; init; } = 64;

    public int SamHeads { get; init; } = 4;

    public int SamWindow { get; init; } = 7;

    public int SamDepth { get; init; } = 4;

    public IReadOnlyList<int> SamGlobalBlocks { get; init; } = [1, 3];

    /// <summary>Width of prompt tokens and image embedding; LISA's <c>out_dim</c>.</summary>
    public int PromptWidth { get; init; } = 64;

    public int DecoderHeads { get; init; } = 4;

    public int DecoderMlp { get; init; } = 128;

    public int ClipGrid => ClipImage / ClipPatch;

    public int SamGrid => SamImage / SamPatch;
}
