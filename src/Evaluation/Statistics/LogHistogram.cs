namespace Pipeline.Evaluation.Statistics;

/// <summary>Times in milliseconds, in bins of constant relative width: any number of them in constant space, merged by addition.</summary>
/// <remarks>
/// 64 bins per doubling from 1 us to 70 min, cut by the bits of the number itself, so no logarithm is rounded. A quantile is the middle of
/// its bin: off by at most 1/128 (0.8 %) of itself. Shorter and longer times count in the first and the last bin.
/// </remarks>
public sealed class LogHistogram
{
    /// <summary>Greatest relative error of a quantile within the range.</summary>
    public const double Precision = 1.0 / 128;

    private const int BinsPerDoubling = 64;
    private const int Doublings = 32;
    private const int LowestExponent = -10;
    private const int DroppedBits = 52 - 6;
    private const int FirstBin = (1023 + LowestExponent) * BinsPerDoubling;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly long[] bins = new long[Doublings * BinsPerDoubling];
    private Int128 nanoseconds;

    public long Count { get; private set; }

    /// <summary>Mean in milliseconds, exact to the nanosecond of each time; null without times.</summary>
    public double? Mean => Count == 0 ? null : (double)nanoseconds / NanosecondsPerMillisecond / Count;

    /// <param name="milliseconds">Not negative.</param>
    public void Add(double milliseconds)
    {
        if (!(milliseconds >= 0) || double.IsInfinity(milliseconds))
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A time is a number of milliseconds from 0 on.");
        bins[Bin(milliseconds)]++;
        nanoseconds += checked((Int128)Math.Round(milliseconds * NanosecondsPerMillisecond));
        Count++;
    }

    public void Merge(LogHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var bin = 0; bin < bins.Length; bin++)
            bins[bin] += other.bins[bin];
        nanoseconds += other.nanoseconds;
        Count += other.Count;
    }

    /// <param name="share">0 to 1: 0.5 for the median, 0.95 for p95.</param>
    /// <returns>Milliseconds of the smallest time that at least this share does not exceed, within <see cref="Precision"/>; null without times.</returns>
    public double? Quantile(double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        if (Count == 0)
            return null;
        var left = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        var bin = 0;
        while ((left -= bins[bin]) > 0)
            bin++;
        return (LowerEnd(bin) + LowerEnd(bin + 1)) / 2;
    }

    internal void Write(PartialWriter writer)
    {
        writer.Unsigned(bins.LongCount(count => count > 0));
        var last = 0;
        for (var bin = 0; bin < bins.Length; bin++)
        {
            if (bins[bin] == 0)
                continue;
            writer.Unsigned(bin - last);
            writer.Unsigned(bins[bin]);
            last = bin;
        }

        writer.Wide(nanoseconds);
    }

    internal static LogHistogram Read(PartialReader reader)
    {
        var histogram = new LogHistogram();
        var bin = 0;
        for (var left = reader.Count(histogram.bins.Length); left > 0; left--)
        {
            bin = reader.Count(histogram.bins.Length - 1 - bin) + bin;
            var count = reader.Unsigned();
            histogram.bins[bin] += count;
            histogram.Count = checked(histogram.Count + count);
        }

        histogram.nanoseconds = reader.Wide();
        return histogram;
    }

    private static int Bin(double milliseconds) =>
        (int)Math.Clamp((BitConverter.DoubleToInt64Bits(milliseconds) >> DroppedBits) - FirstBin, 0, Doublings * BinsPerDoubling - 1);

    private static double LowerEnd(int bin) => BitConverter.Int64BitsToDouble((long)(FirstBin + bin) << DroppedBits);
}
