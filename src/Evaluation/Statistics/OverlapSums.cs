namespace Pipeline.Evaluation.Statistics;

/// <summary>What gIoU and cIoU of some predictions need. Integers only; mergeable by addition in any order.</summary>
public sealed class OverlapSums
{
    private long iou;

    /// <summary>Predictions that were compared with a ground truth.</summary>
    public long Measured { get; private set; }

    public long Intersection { get; private set; }

    public long Union { get; private set; }

    /// <summary>Mean of <see cref="MaskOverlap.GiouTerm"/>; null when nothing was measured.</summary>
    public double? Giou => Measured == 0 ? null : FixedPoint.ToIou(iou) / Measured;

    /// <summary><see cref="MaskOverlap.Ciou"/>; null when nothing was measured.</summary>
    public double? Ciou => Measured == 0 ? null : MaskOverlap.Ciou(Intersection, Union);

    public void Add(MaskOverlap overlap)
    {
        ArgumentNullException.ThrowIfNull(overlap);
        Measured++;
        iou = checked(iou + FixedPoint.FromIou(overlap.GiouTerm));
        Intersection = checked(Intersection + overlap.Intersection);
        Union = checked(Union + overlap.Union);
    }

    public void Merge(OverlapSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Measured += other.Measured;
        iou = checked(iou + other.iou);
        Intersection = checked(Intersection + other.Intersection);
        Union = checked(Union + other.Union);
    }

    internal void Write(PartialWriter writer)
    {
        foreach (var number in (ReadOnlySpan<long>)[Measured, iou, Intersection, Union])
            writer.Unsigned(number);
    }

    internal static OverlapSums Read(PartialReader reader) => new()
    {
        Measured = reader.Unsigned(),
        iou = reader.Unsigned(),
        Intersection = reader.Unsigned(),
        Union = reader.Unsigned(),
    };
}
