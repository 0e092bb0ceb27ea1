namespace Pipeline.Segmentation.Superpixels;

/// <summary>Gaussian smoothing cut at four standard deviations, the image mirrored at its edges (d c b a | a b c d | d c b a).</summary>
/// <remarks>scipy.ndimage's gaussian_filter: one axis after the other, each sum from the outermost pair of neighbours inwards.</remarks>
internal static class GaussianSmoothing
{
    private const double Truncate = 4;

    /// <summary>Smooths in place.</summary>
    /// <param name="sigmaDepth">For the depth axis, which has one layer: changes nothing but the last bits, and upstream does it.</param>
    public static void Apply(ColorPlanes image, double sigmaDepth, double sigmaY, double sigmaX)
    {
        foreach (var plane in image.Channels)
        {
            AlongLines(plane, Kernel(sigmaDepth), image.Height * image.Width, 1, 1, 1);
            AlongLines(plane, Kernel(sigmaY), image.Width, 1, image.Height, image.Width);
            AlongLines(plane, Kernel(sigmaX), image.Height, image.Width, image.Width, 1);
        }
    }

    /// <param name="lines">How many.</param>
    /// <param name="nextLine">From the start of one to that of the next.</param>
    /// <param name="length">Pixels of a line.</param>
    /// <param name="next">From one pixel of a line to the next.</param>
    private static void AlongLines(double[] plane, double[] kernel, int lines, int nextLine, int length, int next)
    {
        var radius = kernel.Length - 1;
        var source = new double[length + (2 * radius)];
        for (var line = 0; line < lines; line++)
        {
            var start = line * nextLine;
            for (var i = 0; i < source.Length; i++) source[i] = plane[start + (Mirrored(i - radius, length) * next)];
            for (var i = 0; i < length; i++)
            {
                var sum = source[i + radius] * kernel[0];
                for (var away = radius; away > 0; away--) sum += (source[i + radius - away] + source[i + radius + away]) * kernel[away];
                plane[start + (i * next)] = sum;
            }
        }
    }

    private static int Mirrored(int index, int length)
    {
        var turn = ((index % (2 * length)) + (2 * length)) % (2 * length);
        return turn < length ? turn : (2 * length) - 1 - turn;
    }

    /// <returns>Weights from the centre outwards; the other half is the same.</returns>
    private static double[] Kernel(double sigma)
    {
        var radius = (int)((Truncate * sigma) + 0.5);
        var bell = Enumerable.Range(0, radius + 1).Select(away => away == 0 ? 1 : Math.Exp(-0.5 / (sigma * sigma) * ((double)away * away))).ToArray();
        var sum = Enumerable.Range(-radius, (2 * radius) + 1).Sum(offset => bell[Math.Abs(offset)]);
        return [.. bell.Select(weight => weight / sum)];
    }
}
