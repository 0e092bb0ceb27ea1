namespace Pipeline.Segmentation.Flops;

/// <summary>Sizes of OMG-Seg, which sees and segments for OMG-LLaVA: ConvNeXt, a deformable pixel decoder and a query decoder.</summary>
/// <remarks>OMG-Seg, omg_llava. The comparison with text prototypes is not counted.</remarks>
public sealed record OmgSegSize
{
    /// <summary>Side of the square input, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Width of each stage of the backbone; strides 4, 8, 16 and 32.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Blocks of each stage.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Width of both decoders.</summary>
    public required int Channels { get; init; }

    /// <summary>Layers of the pixel decoder, over the three coarser strides.</summary>
    public required int PixelLayers { get; init; }

    public required int PixelFeedForward { get; init; }

    /// <summary>Attention heads of the pixel decoder.</summary>
    public required int Heads { get; init; }

    /// <summary>Sampling points of each head on each stride.</summary>
    public required int Points { get; init; }

    public required int Queries { get; init; }

    public required int QueryLayers { get; init; }

    public required int QueryFeedForward { get; init; }

    /// <summary>Multiply-adds of the backbone: 7x7 depth-wise convolutions and two matrices of four times the width per block.</summary>
    public double BackboneMultiplyAdds
    {
        get
        {
            var stem = Cells(0) * 3 * 16 * Widths[0];
            var blocks = Enumerable.Range(0, Widths.Count).Sum(stage => Depths[stage] * Cells(stage) * ((49.0 * Widths[stage]) + (8.0 * Widths[stage] * Widths[stage])));
            var between = Enumerable.Range(1, Widths.Count - 1).Sum(stage => Cells(stage) * 4 * Widths[stage - 1] * Widths[stage]);
            return stem + blocks + between;
        }
    }

    /// <summary>Multiply-adds of everything that an image needs once: backbone, pixel decoder, and all queries with their masks.</summary>
    public double VisionMultiplyAdds => BackboneMultiplyAdds + PixelDecoder + QueryDecoder(Queries, QueryLayers + 1);

    /// <summary>Multiply-adds of the mask of one text prompt: a single query through the same decoder.</summary>
    public double MaskMultiplyAdds => QueryDecoder(1, 1);

    private double PixelDecoder
    {
        get
        {
            double c = Channels, samples = Heads * 3 * Points;
            var tokens = Enumerable.Range(1, 3).Sum(Cells);
            var inputs = Enumerable.Range(1, 3).Sum(stage => Cells(stage) * Widths[stage] * c);
            // Offsets and weights from the token; each sample mixes four cells of one head, then the samples are weighed.
            var attention = (2 * tokens * c * c) + (tokens * c * 3 * samples) + (tokens * samples * 5 * c / Heads);
            var finest = Cells(0) * ((Widths[0] * c) + (9 * c * c) + (c * c));
            return inputs + (PixelLayers * (attention + (2 * tokens * c * PixelFeedForward))) + finest;
        }
    }

    private double QueryDecoder(double queries, int masks)
    {
        double c = Channels;
        var attention = Enumerable.Range(0, QueryLayers).Sum(layer => Attention(queries, Cells(3 - (layer % 3))));
        var rest = Attention(queries, queries) + (2 * queries * c * QueryFeedForward);
        return attention + (QueryLayers * rest) + (masks * queries * ((3 * c * c) + (Cells(0) * c)));
    }

    private double Attention(double queries, double keys)
    {
        double c = Channels;
        return (2 * queries * c * c) + (2 * keys * c * c) + (2 * queries * keys * c);
    }

    private double Cells(int stage)
    {
        double side = ImageSize / (4 << stage);
        return side * side;
    }
}
