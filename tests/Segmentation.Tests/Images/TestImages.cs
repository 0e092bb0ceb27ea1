using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

internal static class TestImages
{
    public static RgbImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return new(width, height, pixels);
    }

    /// <summary>Smooth enough for JPEG: red grows to the right, green downwards.</summary>
    public static RgbImage Ramp(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)(i % width * 255 / width), (byte)(i / width * 255 / height), 128);
        return new(width, height, pixels);
    }

    public static byte[] Pixel(this RgbImage image, int x, int y) => image.Pixels[(3 * ((y * image.Width) + x))..][..3];
}
