using Pipeline.Evaluation;

namespace Pipeline.Benchmarks;

/// <summary>Mask operations at the size of a photograph.</summary>
public sealed class MaskOperations : IBenchmark
{
    private const int Side = 1024;

    public string Description => $"{Side} x {Side} masks, one thread";

    public void Run(BenchmarkSession session)
    {
        var random = new Random(1);
        var other = Discs(random, 8, 200);
        var otherRle = Rle.Encode(other, Side, Side);
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
            session.Record($"{name}: runs", "runs", rle.ToRuns().Length);
            session.Measure($"{name}: encode", () => _ = Rle.Encode(mask, Side, Side));
            session.Measure($"{name}: decode", () => _ = rle.Decode());
            session.Measure($"{name}: IoU on RLE", () => _ = rle.Overlap(otherRle));
            session.Measure($"{name}: IoU on bytes", () => _ = MaskOverlap.Measure(mask, other));
        }
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
