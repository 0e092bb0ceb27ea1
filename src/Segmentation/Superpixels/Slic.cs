using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>SLIC superpixels: an image cut into regions of like colour and about equal size.</summary>
/// <remarks>Achanta et al., SLIC Superpixels Compared to State-of-the-Art Superpixel Methods, TPAMI 2012, as scikit-image 0.19.3 does it.</remarks>
public static class Slic
{
    /// <summary>Most pixels of an image.</summary>
    public const int MostPixels = 1 << 26;

    /// <summary>Cuts a colour image.</summary>
    /// <returns>Labels from <see cref="SlicOptions.StartLabel"/>; without gaps when connectivity is enforced.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the image too large; the message names it.</exception>
    public static LabelMap Segment(RgbImage image, SlicOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Segment(image.Pixels, image.Height, image.Width, 3, options);
    }

    /// <summary>Cuts a gray image.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="values">(H, W).</param>
    /// <inheritdoc cref="Segment(RgbImage, SlicOptions)"/>
    public static LabelMap SegmentGray(int width, int height, ReadOnlySpan<byte> values, SlicOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (values.Length != (long)width * height)
            throw new ArgumentException($"A gray image of {width}x{height} has {(long)width * height} samples, not {values.Length}.", nameof(values));
        return Segment(values, height, width, 1, options);
    }

    private static LabelMap Segment(ReadOnlySpan<byte> samples, int height, int width, int channels, SlicOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (samples.Length / channels > MostPixels)
            throw new ArgumentException($"An image of {width}x{height} has more than the {MostPixels} pixels that SLIC takes; resize it first.", nameof(samples));
        var seeds = SeedGrid.Of(height, width, options.Segments);
        var labels = options.Mode == SlicMode.Fast ? Fast(samples, channels, seeds, options) : Exact(samples, channels, seeds, options);
        if (options.EnforceConnectivity)
            Connectivity.Enforce(labels, height, width, (double)height * width / seeds.Seeds, options.MinSizeFactor, options.MaxSizeFactor);
        if (options.StartLabel != 0)
            foreach (ref var label in labels.AsSpan()) label += options.StartLabel;
        return LabelMap.Of(height, width, labels);
    }

    private static int[] Exact(ReadOnlySpan<byte> samples, int channels, SeedGrid seeds, SlicOptions options)
    {
        var planes = ColorPlanes.Stretched(samples, seeds.Height, seeds.Width, channels);
        if (channels == 3 && options.ConvertToLab) CieLab.Convert(planes);
        if (options.Sigma > 0) GaussianSmoothing.Apply(planes, options.Sigma, options.Sigma / options.SpacingY, options.Sigma / options.SpacingX);
        planes.Scale(1 / options.Compactness);
        return new ExactClusters(planes, seeds, options).Run();
    }

    private static int[] Fast(ReadOnlySpan<byte> samples, int channels, SeedGrid seeds, SlicOptions options)
    {
        var (planes, unit) = FastColors.Of(samples, seeds.Height, seeds.Width, channels, options.ConvertToLab);
        using (planes) return new FastClusters(planes, seeds, options.Compactness, unit).Run(options.MaxIterations);
    }
}
