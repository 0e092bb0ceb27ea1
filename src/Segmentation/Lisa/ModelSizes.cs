namespace Pipeline.Segmentation.Lisa;

/// <summary>Sizes of a LISA, those of the preset <c>tiny</c> unless said otherwise.</summary>
internal sealed record ModelSizes
{
    /// <summary>What LISA-7B is made of: LLaMA 7B, CLIP ViT-L/14 at 224 pixels, SAM ViT-H.</summary>
    public static ModelSizes Lisa7B { get; } = new()
    {
        Hidden = 4096,
        Intermediate = 11008,
        Layers = 32,
        Heads = 32,
        ClipWidth = 1024,
        ClipLayers = 24,
        ClipHeads = 16,
        ClipMlp = 4096,
        SamImage = 1024,
        SamWidth = 1280,
        SamHeads = 16,
        SamWindow = 14,
        SamDepth = 32,
        SamGlobalBlocks = [7, 15, 23, 31],
        PromptWidth = 256,
        DecoderHeads = 8,
        DecoderMlp = 2048,
    };

    /// <summary>What LISA-13B is made of: LLaMA-2 13B, and the rest as in LISA-7B.</summary>
    public static ModelSizes Lisa13B { get; } = Lisa7B with { Hidden = 5120, Intermediate = 13824, Layers = 40, Heads = 40, MaxPositions = 4096 };

    public int Hidden { get; init; } = 96;

    public int Intermediate { get; init; } = 256;

    public int Layers { get; init; } = 4;

    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; null for as many as <see cref="Heads"/>.</summary>
    public int? KeyValueHeads { get; init; }

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

    public int KeyValueWidth => Hidden / Heads * (KeyValueHeads ?? Heads);

    public int ClipGrid => ClipImage / ClipPatch;

    public int SamGrid => SamImage / SamPatch;
}
