using System.Numerics;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>An image as one plane of float64 per channel, row-major; each plane has room for a vector behind its last pixel.</summary>
internal sealed class ColorPlanes
{
    private ColorPlanes(int height, int width, int channels)
    {
        (Height, Width) = (height, width);
        Channels = [.. Enumerable.Range(0, channels).Select(_ => new double[(height * width) + Vector<double>.Count])];
    }

    public int Height { get; }

    public int Width { get; }

    public double[][] Channels { get; }

    /// <summary>Samples divided by 255.</summary>
    /// <param name="samples">(H, W, channels).</param>
    public static ColorPlanes Plain(ReadOnlySpan<byte> samples, int height, int width, int channels) =>
        Of(samples, height, width, channels, value => value / 255.0);

    /// <summary>Samples stretched to 0 to 1 by the least and greatest of all channels together; the operations and their order are upstream's.</summary>
    /// <inheritdoc cref="Plain"/>
    public static ColorPlanes Stretched(ReadOnlySpan<byte> samples, int height, int width, int channels)
    {
        var (least, greatest) = ByteRange.Of(samples);
        var range = Unit(greatest) - Unit(least);
        return Of(samples, height, width, channels, value => range == 0 ? 0 : (Unit(value) - Unit(least)) / range);

        static double Unit(int value) => value * (1.0 / 255);
    }

    public void Scale(double factor)
    {
        foreach (var plane in Channels)
        {
            for (var i = 0; i < plane.Length; i++) plane[i] *= factor;
        }
    }

    private static ColorPlanes Of(ReadOnlySpan<byte> samples, int height, int width, int channels, Func<int, double> valueOf)
    {
        var values = Enumerable.Range(0, 256).Select(valueOf).ToArray();
        var planes = new ColorPlanes(height, width, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = planes.Channels[channel];
            for (int pixel = 0, sample = channel; sample < samples.Length; pixel++, sample += channels) plane[pixel] = values[samples[sample]];
        }

        return planes;
    }
}
