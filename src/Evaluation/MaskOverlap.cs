namespace Pipeline.Evaluation;

/// <summary>Pixel counts from which IoU, gIoU and cIoU follow; ignored pixels (label 255) are already left out.</summary>
/// <param name="Intersection">Pixels where both masks are the object.</param>
/// <param name="Union">Pixels where at least one is.</param>
public sealed record MaskOverlap(long Intersection, long Union)
{
    /// <summary>This mask's term of gIoU: 1 when there is no object and none was predicted, else I / (U + 1e-5).</summary>
    /// <remarks>LISA train.py, validate().</remarks>
    public double GiouTerm => Union == 0 ? 1 : Intersection / (Union + 1e-5);

    /// <summary>cIoU over a whole set: sum of intersections over sum of unions, I / (U + 1e-10); 0 for an empty set.</summary>
    /// <remarks>LISA train.py, validate().</remarks>
    public static double Ciou(long intersections, long unions) => intersections / (unions + 1e-10);

    /// <summary>Overlap of the object class; see <see cref="ClassOverlap.Measure"/>.</summary>
    /// <param name="prediction">0 or 1 per pixel.</param>
    /// <param name="truth">0 or 1 per pixel, 255 ignored.</param>
    public static MaskOverlap Measure(ReadOnlySpan<byte> prediction, ReadOnlySpan<byte> truth) => ClassOverlap.Measure(prediction, truth).Target;
}
