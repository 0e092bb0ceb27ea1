using System.Buffers;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>SLIC's k-means with most rounds over a sample of the pixels.</summary>
/// <remarks>
/// Where regions go is decided by the first rounds, so these see every pixel, and the last does because it gives the labels. Rounds between them see
/// every n-th pixel of every n-th row, others each time, with n such that a region keeps at least some 16 x 16 of them.
/// A centre that loses all pixels stays where it is.
/// </remarks>
internal sealed class FastClusters
{
    private const int FullRounds = 2;
    private const int SampledStep = 16;

    private readonly FastPlanes planes;
    private readonly SeedGrid seeds;
    private readonly int windowY;
    private readonly int windowX;
    private readonly double weight;
    private readonly int interval;
    private readonly Centre[] centres;
    private readonly Centre[] sums;

    /// <param name="unit">What one step of the colour space is worth in the planes.</param>
    public FastClusters(FastPlanes planes, SeedGrid seeds, double compactness, float unit)
    {
        (this.planes, this.seeds) = (planes, seeds);
        var windows = SeedGrid.Of(seeds.Height, seeds.Width, seeds.Seeds);
        (windowY, windowX) = (2 * windows.StepY, 2 * windows.StepX);
        var scale = compactness * unit / seeds.Step;
        weight = scale * scale;
        interval = Math.Max(1, Math.Min(seeds.StepY, seeds.StepX) / SampledStep);
        (centres, sums) = (new Centre[seeds.Seeds], new Centre[seeds.Seeds]);
    }

    /// <param name="rounds">At least 1.</param>
    /// <returns>The centre of each pixel, (H, W), from 0.</returns>
    public int[] Run(int rounds)
    {
        var size = planes.Height * planes.Stride;
        var (best, nearest) = (ArrayPool<float>.Shared.Rent(size), ArrayPool<int>.Shared.Rent(size));
        var samples = new FastPlanes?[interval];
        try
        {
            var whole = new FastSample(planes, 1, 0, best, nearest);
            var seen = whole;
            FillCells(whole);
            for (var round = 2; round <= rounds; round++)
            {
                Move(seen);
                var first = round % interval;
                seen = interval == 1 || round <= FullRounds || round == rounds
                    ? whole
                    : new FastSample(samples[first] ??= planes.Sample(interval, first), interval, first, best, nearest);
                seen.Assign(centres, windowY, windowX, weight);
            }

            return Labels(whole);
        }
        finally
        {
            foreach (var sample in samples) sample?.Dispose();
            ArrayPool<float>.Shared.Return(best);
            ArrayPool<int>.Shared.Return(nearest);
        }
    }

    /// <summary>The first round goes by place alone: each pixel belongs to the seed next to it.</summary>
    private void FillCells(FastSample whole)
    {
        int[] columns = [.. Enumerable.Range(0, seeds.Width).Select(x => seeds.Nearest(0, x))];
        for (var y = 0; y < seeds.Height; y++)
        {
            var row = whole.Row(y);
            var firstOfRow = seeds.Nearest(y, 0);
            for (var x = 0; x < row.Length; x++) row[x] = firstOfRow + columns[x];
        }
    }

    private void Move(FastSample seen)
    {
        seen.Sum(sums);
        for (var k = 0; k < centres.Length; k++)
        {
            if (sums[k].Members > 0) centres[k] = sums[k].Mean();
        }
    }

    /// <summary>A pixel that no window reaches goes to the seed next to it.</summary>
    private int[] Labels(FastSample whole)
    {
        var labels = new int[planes.Height * planes.Width];
        for (var y = 0; y < planes.Height; y++)
        {
            var row = whole.Row(y);
            for (var x = row.IndexOf(-1); x >= 0; x = row.IndexOf(-1)) row[x] = seeds.Nearest(y, x);
            row.CopyTo(labels.AsSpan(y * planes.Width));
        }

        return labels;
    }
}
