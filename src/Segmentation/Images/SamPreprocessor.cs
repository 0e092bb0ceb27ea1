using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Images;

/// <summary>An image as SAM's encoder wants it: longest edge to <paramref name="size"/>, normalised, then padded with zeros to a square.</summary>
/// <remarks>segment_anything: ResizeLongestSide.apply_image and Sam.preprocess; LISA's chat.py does the same.</remarks>
/// <param name="size">Edge of the encoder's input in pixels: 1024.</param>
public sealed class SamPreprocessor(int size)
{
    private static readonly float[] Mean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] Deviation = [58.395f, 57.12f, 57.375f];
    private static readonly ChannelNormalization Normalization = new((sample, channel) => (sample - Mean[channel]) / Deviation[channel]);

    /// <returns>The input; the caller disposes of it.</returns>
    /// <exception cref="InvalidDataException">The image is so narrow that nothing of its short edge would be left.</exception>
    public SamInput Apply(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var resized = Resize(image);
        var pixels = zeros(1, 3, size, size, dtype: ScalarType.Float32);
        Normalization.Write(resized, MemoryMarshal.Cast<byte, float>(pixels.bytes), size);
        return new(pixels, resized.Height, resized.Width, image.Height, image.Width);
    }

    /// <summary>The image with its longest edge at the encoder's size, still 8-bit.</summary>
    /// <exception cref="InvalidDataException">The image is so narrow that nothing of its short edge would be left.</exception>
    public RgbImage Resize(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (height, width) = SamGeometry.ResizedSize(image.Height, image.Width, size);
        return height > 0 && width > 0
            ? PilResize.Resize(image, width, height, PilFilter.Bilinear)
            : throw new InvalidDataException($"an image of {image.Width}x{image.Height} pixels has no short edge left when its longest becomes {size}");
    }
}
