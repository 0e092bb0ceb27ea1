using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Tests.Pruning;

/// <summary>Images whose pixels tell where they were.</summary>
internal static class Pictures
{
    public static RgbImage Gradient(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(sample => (byte)(64 + (((sample / 3 % width) + (2 * (sample / 3 / width)) + (40 * (sample % 3))) % 192)))]);

    public static (byte Red, byte Green, byte Blue) At(this RgbImage image, int x, int y)
    {
        var pixel = 3 * ((y * image.Width) + x);
        return (image.Pixels[pixel], image.Pixels[pixel + 1], image.Pixels[pixel + 2]);
    }
}
