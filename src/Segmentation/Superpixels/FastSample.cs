using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>Pixels at whole steps of an image, and which centre has won each.</summary>
/// <remarks>
/// The nearest centre c of a pixel p has the greatest 2 p·c - |c|², which is linear in p: one fused multiplication and addition per feature.
/// Pixels are independent, fused operations round alike everywhere, and members are summed in raster order in float64: results are the same on every machine.
/// </remarks>
/// <param name="every">Step from one pixel to the next, in both directions.</param>
/// <param name="first">Row and column of the first.</param>
/// <param name="best">Room for the planes.</param>
/// <param name="nearest">Room for the planes, for the winners.</param>
internal sealed class FastSample(FastPlanes planes, int every, int first, float[] best, int[] nearest)
{
    private const int Lanes = 8;

    /// <summary>The centre of each pixel of a row; -1 where no window reaches.</summary>
    public Span<int> Row(int y) => nearest.AsSpan(y * planes.Stride, planes.Width);

    /// <summary>Lets each centre compete for the pixels around it.</summary>
    /// <param name="windowY">How far up and down.</param>
    /// <param name="windowX">How far left and right.</param>
    /// <param name="weight">Of squared distances in pixels against squared differences in colour.</param>
    public void Assign(ReadOnlySpan<Centre> centres, int windowY, int windowX, double weight)
    {
        best.AsSpan(0, planes.Height * planes.Stride).Fill(float.NegativeInfinity);
        nearest.AsSpan(0, planes.Height * planes.Stride).Fill(-1);
        for (var k = 0; k < centres.Length; k++)
        {
            Compete(k, centres[k], weight, Window(centres[k].Y, windowY, planes.Height), Window(centres[k].X, windowX, planes.Width));
        }
    }

    /// <summary>Sums the members of each centre.</summary>
    public void Sum(Span<Centre> sums)
    {
        sums.Clear();
        for (var y = 0; y < planes.Height; y++)
        {
            var row = Row(y);
            for (int x = 0, end; x < row.Length; x = end)
            {
                for (end = x + 1; end < row.Length && row[end] == row[x];) end++;
                if (row[x] >= 0) Add(ref sums[row[x]], y, x, end);
            }
        }
    }

    private (int From, int To) Window(double centre, int reach, int count)
    {
        var (from, to) = ((int)Math.Max(centre - reach, 0), (int)(centre + reach));
        return ((Math.Max(from - first, 0) + every - 1) / every, Math.Min(((to - first) / every) + 1, count));
    }

    private void Compete(int k, in Centre centre, double weight, (int From, int To) rows, (int From, int To) columns)
    {
        var square = (weight * ((centre.Y * centre.Y) + (centre.X * centre.X))) + (centre.L * centre.L) + (centre.A * centre.A) + (centre.B * centre.B);
        var slopeX = Vector256.Create((float)(2 * weight * centre.X));
        var slopeL = Vector256.Create((float)(2 * centre.L));
        var slopeA = Vector256.Create((float)(2 * centre.A));
        var slopeB = Vector256.Create((float)(2 * centre.B));
        var label = Vector256.Create(k);
        var firstPlace = Vector256.ConvertToSingle((Vector256<int>.Indices + Vector256.Create(columns.From)) * every) + Vector256.Create((float)first);
        var nextPlace = Vector256.Create((float)(Lanes * every));
        var end = Vector256.Create((float)(first + (columns.To * every)));
        for (var y = rows.From; y < rows.To; y++)
        {
            var start = Vector256.Create((float)((2 * weight * centre.Y * (first + (y * every))) - square));
            ref var l = ref MemoryMarshal.GetReference(planes.Row(0, y));
            ref var a = ref MemoryMarshal.GetReference(planes.Row(1, y));
            ref var b = ref MemoryMarshal.GetReference(planes.Row(2, y));
            ref var bests = ref best[y * planes.Stride];
            ref var winners = ref nearest[y * planes.Stride];
            var place = firstPlace;
            for (var x = (nuint)columns.From; x < (nuint)columns.To; x += Lanes)
            {
                var score = Vector256.FusedMultiplyAdd(place, slopeX, start);
                score = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref l, x), slopeL, score);
                score = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, x), slopeA, score);
                score = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref b, x), slopeB, score);
                var previous = Vector256.LoadUnsafe(ref bests, x);
                var wins = Vector256.GreaterThan(score, previous) & Vector256.LessThan(place, end);
                Vector256.ConditionalSelect(wins, score, previous).StoreUnsafe(ref bests, x);
                Vector256.ConditionalSelect(wins.AsInt32(), label, Vector256.LoadUnsafe(ref winners, x)).StoreUnsafe(ref winners, x);
                place += nextPlace;
            }
        }
    }

    /// <summary>Adds the pixels of a row from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    private void Add(ref Centre sum, int y, int from, int to)
    {
        var length = to - from;
        sum.Members += length;
        sum.Y += (double)length * (first + (y * every));
        sum.X += (double)length * (first + ((from + to - 1) * every / 2.0));
        var l = planes.Row(0, y)[from..to];
        var a = planes.Row(1, y)[from..to];
        var b = planes.Row(2, y)[from..to];
        // Side by side: three chains of additions take no longer than one.
        double sumL = 0, sumA = 0, sumB = 0;
        for (var i = 0; i < l.Length; i++)
        {
            sumL += l[i];
            sumA += a[i];
            sumB += b[i];
        }

        sum.L += sumL;
        sum.A += sumA;
        sum.B += sumB;
    }
}
