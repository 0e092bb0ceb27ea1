namespace Pipeline.Segmentation.Flops;

/// <summary>Sizes of a SAM.</summary>
/// <remarks>segment_anything/modeling. Windows are padded, and the padding is work.</remarks>
public sealed record SamSize
{
    /// <summary>Side of the square input, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch, pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Width of the image encoder.</summary>
    public required int Width { get; init; }

    public required int FeedForward { get; init; }

    /// <summary>Blocks of the image encoder.</summary>
    public required int Blocks { get; init; }

    /// <summary>Those of them that attend to the whole image.</summary>
    public required int GlobalBlocks { get; init; }

    /// <summary>Side of an attention window, patches.</summary>
    public required int Window { get; init; }

    /// <summary>Width of image embedding and prompt tokens.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks of the mask decoder.</summary>
    public required int DecoderBlocks { get; init; }

    public required int DecoderFeedForward { get; init; }

    /// <summary>Inner width of the attention between tokens and image.</summary>
    public required int DecoderAttention { get; init; }

    /// <summary>Channels after the first and the second doubling of the embedding's side.</summary>
    public required IReadOnlyList<int> Upscaled { get; init; }

    /// <summary>Mask tokens of the decoder; one more token asks for quality.</summary>
    public required int MaskTokens { get; init; }

    private double Cells => (double)Grid * Grid;

    private int Grid => ImageSize / PatchSize;

    /// <summary>Multiply-adds of the image encoder for one image.</summary>
    public double EncoderMultiplyAdds
    {
        get
        {
            double windows = (Grid + Window - 1) / Window, padded = windows * Window * windows * Window;
            var neck = (Cells * Width * Channels) + (Cells * 9 * Channels * Channels);
            return (Cells * 3 * PatchSize * PatchSize * Width)
                + (GlobalBlocks * Block(Cells, Grid))
                + ((Blocks - GlobalBlocks) * Block(padded, Window))
                + neck;
        }
    }

    /// <summary>Multiply-adds of the mask decoder for one text prompt and one mask.</summary>
    public double DecoderMultiplyAdds
    {
        get
        {
            double tokens = MaskTokens + 2, c = Channels;
            var block = Attention(tokens, tokens, c) + Attention(tokens, Cells, DecoderAttention) + Attention(Cells, tokens, DecoderAttention)
                + (2 * tokens * c * DecoderFeedForward);
            var upscaling = (4 * Cells * c * Upscaled[0]) + (16 * Cells * Upscaled[0] * Upscaled[1]);
            var heads = (4 * c * c) + (c * Upscaled[1]) + (c * MaskTokens);
            return (DecoderBlocks * block) + Attention(tokens, Cells, DecoderAttention) + upscaling + heads + (16 * Cells * Upscaled[1]);
        }
    }

    /// <param name="attended">Patches that go through attention, padding included.</param>
    /// <param name="side">Side of what each of them attends to.</param>
    private double Block(double attended, double side)
    {
        double c = Width;
        var attention = (4 * attended * c * c) + (2 * attended * side * side * c);
        var relativePositions = attended * 2 * side * c;
        return attention + relativePositions + (2 * Cells * c * FeedForward);
    }

    private double Attention(double queries, double keys, double inner) =>
        (2 * queries * Channels * inner) + (2 * keys * Channels * inner) + (2 * queries * keys * inner);
}
