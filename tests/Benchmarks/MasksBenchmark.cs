using System.Diagnostics;
using System.Globalization;
using Pipeline.Evaluation;

namespace Pipeline.Benchmarks;

/// <summary>Time of mask operations on 1024 x 1024 masks, one thread.</summary>
internal static class MasksBenchmark
{
    private const int Side = 1024;
    private const int Rounds = 200;

    /// <summary>Writes one row per kind of mask: runs, then medians in milliseconds.</summary>
    public static void Run(TextWriter output)
    {
        var random = new Random(1);
        var other = Discs(random, 8, 200);
        var otherRle = Rle.Encode(other, Side, Side);
        output.WriteLine("1-megapixel masks           runs  encode ms  decode ms  IoU on RLE ms  IoU on bytes ms");
        foreach (var (name, mask) in new (string, byte[])[]
        {
            ("empty", new byte[Side * Side]),
            ("one disc", Discs(random, 1, 300)),
            ("8 discs", Discs(random, 8, 200)),
            ("200 specks", Discs(random, 200, 20)),
            ("noise", Noise(random)),
        })
        {
            var rle = Rle.Encode(mask, Side, Side);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-22}{rle.ToRuns().Length,10}{Median(() => Rle.Encode(mask, Side, Side)),11:f3}{Median(() => rle.Decode()),11:f3}{Median(() => rle.Overlap(otherRle)),15:f3}{Median(() => MaskOverlap.Measure(mask, other)),17:f3}"));
        }
    }

    private static double Median(Func<object> operation)
    {
        var times = new List<double>(Rounds);
        var kept = new object();
        for (var round = -Rounds; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            kept = operation();
            if (round >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        GC.KeepAlive(kept);
        return times.Order().ElementAt(Rounds / 2);
    }

    private static byte[] Discs(Random random, int count, int largestRadius)
    {
        var mask = new byte[Side * Side];
        for (var i = 0; i < count; i++)
        {
            int centreX = random.Next(Side), centreY = random.Next(Side), radius = random.Next(largestRadius / 2, largestRadius);
            for (var y = Math.Max(0, centreY - radius); y < Math.Min(Side, centreY + radius); y++)
            {
                var half = (int)Math.Sqrt(radius * radius - (y - centreY) * (y - centreY));
                mask.AsSpan(y * Side)[Math.Max(0, centreX - half)..Math.Min(Side, centreX + half)].Fill(1);
            }
        }

        return mask;
    }

    private static byte[] Noise(Random random)
    {
        var mask = new byte[Side * Side];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = (byte)random.Next(2);
        return mask;
    }
}
