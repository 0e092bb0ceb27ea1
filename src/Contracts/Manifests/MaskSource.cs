using Pipeline.Evaluation;
using Pipeline.Evaluation.ReasonSeg;

namespace Pipeline.Contracts.Manifests;

/// <summary>A ground-truth mask: exactly one of <see cref="Rle"/>, <see cref="Shapes"/> and <see cref="Path"/> is given.</summary>
public sealed record MaskSource
{
    /// <summary>COCO RLE: every pixel of the object.</summary>
    public Rle? Rle { get; init; }

    /// <summary>Pixels that count for nothing, in <see cref="Rle"/> or not. Only beside <see cref="Rle"/>, and of its size.</summary>
    public Rle? Ignored { get; init; }

    /// <summary>
    /// Pixels of the object on which several of its parts lie, so that summing the parts makes them more than 1. They are of neither class: what is predicted
    /// there counts, and the object is smaller by them. Only beside <see cref="Rle"/>, and of its size.
    /// </summary>
    public Rle? Overlapped { get; init; }

    /// <summary>Polygons, to be drawn on the image at its own size as <see cref="ReasonSegMask"/> does.</summary>
    public IReadOnlyList<ReasonSegShape>? Shapes { get; init; }

    /// <summary>PNG file, absolute: 0 background, 255 in a file of more than two values ignored, everything else the object.</summary>
    public string? Path { get; init; }
}
