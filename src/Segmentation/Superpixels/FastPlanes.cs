using System.Buffers;
using System.Runtime.Intrinsics;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>Three planes of float32 in rented memory, rows padded to whole vectors. Padding holds anything.</summary>
internal sealed class FastPlanes : IDisposable
{
    private readonly float[][] planes;

    public FastPlanes(int height, int width)
    {
        (Height, Width) = (height, width);
        // A vector that starts at a row's last pixel must end inside the row.
        Stride = (width + (2 * Vector256<float>.Count) - 2) / Vector256<float>.Count * Vector256<float>.Count;
        planes = [Rent(), Rent(), Rent()];

        float[] Rent() => ArrayPool<float>.Shared.Rent(height * Stride);
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>From one row to the next.</summary>
    public int Stride { get; }

    public Span<float> Row(int channel, int y) => planes[channel].AsSpan(y * Stride, Stride);

    /// <summary>Every <paramref name="every"/>th pixel of every <paramref name="every"/>th row.</summary>
    /// <param name="first">Row and column of the first.</param>
    public FastPlanes Sample(int every, int first)
    {
        var sample = new FastPlanes(Samples(Height), Samples(Width));
        for (var channel = 0; channel < planes.Length; channel++)
        {
            for (var y = 0; y < sample.Height; y++)
            {
                var from = Row(channel, first + (y * every));
                var to = sample.Row(channel, y);
                for (int x = 0, i = first; x < sample.Width; x++, i += every) to[x] = from[i];
            }
        }

        return sample;

        int Samples(int side) => (side - first + every - 1) / every;
    }

    /// <summary>Makes every value zero.</summary>
    public void Clear()
    {
        foreach (var plane in planes) Array.Clear(plane);
    }

    public void Dispose()
    {
        foreach (var plane in planes) ArrayPool<float>.Shared.Return(plane);
    }
}
