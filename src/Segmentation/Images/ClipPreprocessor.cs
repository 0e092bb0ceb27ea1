using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Images;

/// <summary>An image as CLIP's vision tower wants it: shortest edge to <paramref name="size"/>, the centre square, normalised.</summary>
/// <remarks>
/// transformers 4.31, CLIPImageProcessor. The crop loses the sides of an image that is not square, as in LISA; only the part that stays is resampled.
/// </remarks>
/// <param name="size">Edge of the tower's input in pixels: 224 or 336.</param>
public sealed class ClipPreprocessor(int size)
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    // Rescaling happens in double precision and rounds to float before the mean is taken off.
    private static readonly ChannelNormalization Normalization = new((sample, channel) => ((float)(sample * (1 / 255.0)) - Mean[channel]) / Deviation[channel]);

    /// <returns>(1, 3, size, size) float32 on the CPU.</returns>
    public Tensor Apply(RgbImage image)
    {
        return Normalize(View(image));
    }

    /// <summary>The part of the image that the tower sees, before its samples are normalised.</summary>
    /// <returns><paramref name="image"/> resized and cropped to a square of the tower's size.</returns>
    public RgbImage View(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (height, width) = ResizedSize(image.Height, image.Width, size);
        return PilResize.Window(image, width, height, (width - size) / 2, (height - size) / 2, size, size, PilFilter.Bicubic);
    }

    /// <param name="view">From <see cref="View"/>.</param>
    /// <returns>(1, 3, size, size) float32 on the CPU.</returns>
    public Tensor Normalize(RgbImage view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var pixels = empty(1, 3, size, size, dtype: ScalarType.Float32);
        Normalization.Write(view, MemoryMarshal.Cast<byte, float>(pixels.bytes), size);
        return pixels;
    }

    /// <summary>The size before the crop: the shortest edge becomes <paramref name="shortest"/>, the other is cut to whole pixels.</summary>
    public static (int Height, int Width) ResizedSize(int height, int width, int shortest)
    {
        var other = (int)((double)((long)shortest * Math.Max(height, width)) / Math.Min(height, width));
        return width <= height ? (other, shortest) : (shortest, other);
    }
}
