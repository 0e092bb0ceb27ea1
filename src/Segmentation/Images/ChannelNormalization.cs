namespace Pipeline.Segmentation.Images;

/// <summary>8-bit samples to normalised floats, as a table of 256 values per channel.</summary>
internal sealed class ChannelNormalization(Func<byte, int, float> value)
{
    private readonly float[][] tables = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256).Select(sample => value((byte)sample, channel)).ToArray())];

    /// <summary>Writes an image into the upper left of three planes; the rest of them stays untouched.</summary>
    /// <param name="planes">(3, size, size).</param>
    public void Write(RgbImage image, Span<float> planes, int size)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<float> table = tables[channel];
            for (var y = 0; y < image.Height; y++)
            {
                var samples = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
                var row = planes.Slice(((channel * size) + y) * size, image.Width);
                for (var x = 0; x < row.Length; x++)
                    row[x] = table[samples[(3 * x) + channel]];
            }
        }
    }
}
