using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Sam;

/// <summary>SAM's hyper-parameters. All but the decoder's heads follow from the shapes of the weights; a configuration may say otherwise.</summary>
/// <remarks>ViT-H, which the released LISA checkpoints hold without saying so: input 1024, patch 16, width 1280, 16 heads, window 14, global attention in blocks 7, 15, 23, 31.</remarks>
public sealed record SamConfig
{
    /// <summary>Side of the square input, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch, pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Heads of the image encoder.</summary>
    public required int EncoderHeads { get; init; }

    /// <summary>Side of an attention window, patches.</summary>
    public required int Window { get; init; }

    /// <summary>Blocks that attend to the whole image.</summary>
    public required IReadOnlyList<int> GlobalBlocks { get; init; }

    /// <summary>Heads of the mask decoder.</summary>
    /// <value>Default 8, as in every published SAM.</value>
    public int DecoderHeads { get; init; } = 8;

    /// <summary>Patches along one side.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <param name="weights">Root of SAM's tensors.</param>
    /// <param name="given">Object with any of <c>image_size</c>, <c>vit_patch_size</c>, <c>encoder_num_heads</c>, <c>window_size</c>, <c>encoder_global_attn_indexes</c>, <c>decoder_num_heads</c>; null where a checkpoint says nothing.</param>
    /// <exception cref="CheckpointException">A field or tensor is missing or of another kind.</exception>
    public static SamConfig Read(Weights weights, ConfigFile? given)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var encoder = weights["image_encoder"];
        var patch = encoder.Size("patch_embed.proj.weight", 2);
        var grid = encoder.Size("pos_embed", 1);
        var blocks = encoder["blocks"];
        // A table of relative positions has 2 S - 1 rows of a head's width, S the side of what the block attends to.
        var sides = Enumerable.Range(0, encoder.Count("blocks")).Select(i => (blocks[i].Size("attn.rel_pos_h", 0) + 1) / 2).ToList();
        var heads = encoder.Size("pos_embed", 3) / Math.Max(1, blocks[0].Size("attn.rel_pos_h", 1));
        IReadOnlyList<int> global = [.. Enumerable.Range(0, sides.Count).Where(i => sides[i] == grid)];
        return new SamConfig
        {
            ImageSize = given?.Positive("image_size", grid * patch) ?? (grid * patch),
            PatchSize = given?.Positive("vit_patch_size", patch) ?? patch,
            EncoderHeads = given?.Positive("encoder_num_heads", heads) ?? heads,
            Window = given?.Positive("window_size", sides.Min()) ?? sides.Min(),
            GlobalBlocks = given?.Integers("encoder_global_attn_indexes", global) ?? global,
            DecoderHeads = given?.Positive("decoder_num_heads", 8) ?? 8,
        };
    }
}
