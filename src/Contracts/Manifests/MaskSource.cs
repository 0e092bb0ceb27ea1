using Pipeline.Evaluation;

namespace Pipeline.Contracts.Manifests;

/// <summary>A ground-truth mask: exactly one of the two is given.</summary>
public sealed record MaskSource
{
    /// <summary>COCO RLE.</summary>
    public Rle? Rle { get; init; }

    /// <summary>PNG file, absolute: 0 background, 255 in a file of more than two values ignored, everything else the object.</summary>
    public string? Path { get; init; }
}
