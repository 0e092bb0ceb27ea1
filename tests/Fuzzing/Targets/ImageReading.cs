using Pipeline.Segmentation.Images;

namespace Pipeline.Fuzzing.Targets;

/// <summary>What decoding may cost.</summary>
internal static class ImageReading
{
    /// <summary>Samples of a pixel while it is decoded and turned: four read, three kept, three turned.</summary>
    private const int BytesPerPixel = 10;

    /// <summary>No file claims more pixels than its compression could hold: deflate gives 1032 bytes of a byte, and eight pixels may share each.</summary>
    public static long MostBytes(int length) => (2 << 20) + (8L * 1032 * BytesPerPixel * length);

    public static Reading Of(RgbImage image) => Of(image.Width, image.Height, image.Pixels.Length / 3);

    public static Reading Of(int width, int height, int pixels) => pixels == (long)width * height
        ? new Reading(true, (long)BytesPerPixel * pixels)
        : throw new InvalidOperationException($"{pixels} pixels for an image of {width}x{height}");

    public static RgbImage Pattern(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 37);
        return new RgbImage(width, height, pixels);
    }
}
