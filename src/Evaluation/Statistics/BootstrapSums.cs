using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Evaluation.Statistics;

/// <summary>The sums that gIoU and cIoU need, for the predictions as they are and for every bootstrap replicate of them.</summary>
/// <remarks>Integers only; mergeable by addition in any order.</remarks>
public sealed class BootstrapSums
{
    private const int Kinds = 4;

    /// <summary>Per replicate: predictions, IoU (fixed point), intersection, union. Replicate 0 is the data itself. Null while nothing was added.</summary>
    private long[]? sums;

    public bool IsEmpty => sums is null;

    /// <summary>Predictions added.</summary>
    public long Count => sums is null ? 0 : sums[0];

    internal void Add(MaskOverlap overlap, ReadOnlySpan<byte> weights)
    {
        sums ??= new long[Kinds * (PairedBootstrap.Replicates + 1)];
        var all = MemoryMarshal.Cast<long, Vector256<long>>(sums.AsSpan());
        var once = Vector256.Create(1, FixedPoint.FromIou(overlap.GiouTerm), overlap.Intersection, overlap.Union);
        Span<Vector256<long>> times = stackalloc Vector256<long>[BootstrapWeights.Most + 1];
        for (var weight = 1; weight < times.Length; weight++)
            times[weight] = times[weight - 1] + once;
        all[0] += once;
        var signs = all[0] | times[^1];
        for (var replicate = 1; replicate < all.Length; replicate++)
            signs |= all[replicate] += times[weights[replicate - 1]];

        // Nothing that is added is negative, so what is negative now has overflowed.
        if (Vector256.LessThanAny(signs, Vector256<long>.Zero))
            throw new OverflowException("The sums of a partial do not fit.");
    }

    internal void Merge(BootstrapSums other)
    {
        if (other.sums is null)
            return;
        sums ??= new long[Kinds * (PairedBootstrap.Replicates + 1)];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = checked(sums[i] + other.sums[i]);
    }

    /// <returns>gIoU of a replicate without the predictions in <paramref name="left"/>; null when it drew none.</returns>
    internal double? Giou(int replicate, BootstrapSums left)
    {
        var count = Sum(replicate, 0, left);
        return count == 0 ? null : FixedPoint.ToIou(Sum(replicate, 1, left)) / count;
    }

    /// <returns>cIoU of a replicate without the predictions in <paramref name="left"/>; null when it drew none.</returns>
    internal double? Ciou(int replicate, BootstrapSums left) =>
        Sum(replicate, 0, left) == 0 ? null : MaskOverlap.Ciou(Sum(replicate, 2, left), Sum(replicate, 3, left));

    internal void Write(PartialWriter writer)
    {
        writer.Unsigned(IsEmpty ? 0 : 1);
        for (var i = 0; i < (sums?.Length ?? 0); i++)
            writer.Signed(i < Kinds ? sums![i] : sums![i] - sums[i % Kinds]);
    }

    internal static BootstrapSums Read(PartialReader reader)
    {
        var result = new BootstrapSums();
        if (reader.Count(1) == 0)
            return result;
        var sums = result.sums = new long[Kinds * (PairedBootstrap.Replicates + 1)];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = unchecked(reader.Signed() + (i < Kinds ? 0 : sums[i % Kinds]));
        return sums.Min() < 0 ? throw new InvalidDataException("A partial has a negative sum.") : result;
    }

    private long Sum(int replicate, int kind, BootstrapSums left)
    {
        var at = replicate * Kinds + kind;
        return (sums?[at] ?? 0) - (left.sums?[at] ?? 0);
    }
}
