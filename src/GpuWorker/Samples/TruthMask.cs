using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation.ReasonSeg;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Ground truth as the labels that predictions are held to.</summary>
public static class TruthMask
{
    /// <param name="source">What the dataset gives.</param>
    /// <param name="width">Of the image, pixels.</param>
    /// <param name="height">Of the image, pixels.</param>
    /// <param name="image">What errors call the image.</param>
    /// <returns>Height x width bytes, row-major: 0 background, 1 the object, 255 ignored, others of neither class.</returns>
    /// <param name="limits">How large a file may be.</param>
    /// <exception cref="InvalidDataException">The mask is damaged, too large, or of another size than its image.</exception>
    public static byte[] Read(MaskSource source, int width, int height, string image, ImageOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shapes is { } shapes)
        {
            return ReasonSegMask.Draw(shapes, height, width);
        }

        if (source.Rle is { } rle)
        {
            RequireSize(rle.Width, rle.Height);
            return MaskLabels.Decode(source);
        }

        var path = source.Path ?? throw new InvalidDataException("the mask has neither run lengths nor polygons nor a file");
        var (fileWidth, fileHeight, values) = ImageCodec.DecodeGray(PlainFile.Read(path, limits.LargestBytes, setting: ImageOptions.LargestBytesSetting), path, limits.LargestPixels);
        RequireSize(fileWidth, fileHeight);
        return Labels(values);

        void RequireSize(int maskWidth, int maskHeight)
        {
            if (maskWidth != width || maskHeight != height)
            {
                throw new InvalidDataException($"the mask is {maskWidth}x{maskHeight}, its image {image} is {width}x{height}");
            }
        }
    }

    /// <summary>255 means ignored only in a file of more than two values; in one of two it is the usual white.</summary>
    private static byte[] Labels(byte[] values)
    {
        Span<bool> seen = stackalloc bool[256];
        foreach (var value in values)
        {
            seen[value] = true;
        }

        var ignores = seen.Count(true) > 2;
        return Array.ConvertAll(values, value => value == 0 ? (byte)0 : value == 255 && ignores ? (byte)255 : (byte)1);
    }
}
