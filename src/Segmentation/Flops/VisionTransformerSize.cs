namespace Pipeline.Segmentation.Flops;

/// <summary>Sizes of a CLIP vision tower.</summary>
public sealed record VisionTransformerSize
{
    /// <summary>Side of the square input, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch, pixels.</summary>
    public required int PatchSize { get; init; }

    public required int Width { get; init; }

    public required int FeedForward { get; init; }

    /// <summary>Layers that run: those behind the hidden state that becomes visual tokens do not.</summary>
    public required int Layers { get; init; }

    /// <summary>Multiply-adds of one image: patches, then projections, attention and feed-forward network of every layer over patches and class token.</summary>
    public double MultiplyAdds
    {
        get
        {
            double patches = ImageSize / PatchSize * (ImageSize / PatchSize), tokens = patches + 1;
            var layer = (4 * tokens * Width * Width) + (2 * tokens * tokens * Width) + (2 * tokens * Width * FeedForward);
            return (patches * 3 * PatchSize * PatchSize * Width) + (Layers * layer);
        }
    }
}
