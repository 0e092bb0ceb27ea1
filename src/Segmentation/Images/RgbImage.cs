namespace Pipeline.Segmentation.Images;

/// <summary>An image of 8-bit red, green and blue samples.</summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">Rows from the top, pixels from the left, (H, W, 3): exactly 3·Width·Height bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Samples, (H, W, 3).</summary>
    public byte[] Pixels { get; } = Fits(Width, Height, Pixels);

    private static byte[] Fits(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        return pixels.Length == 3L * width * height
            ? pixels
            : throw new ArgumentException($"An image of {width}x{height} has {3L * width * height} samples, not {pixels.Length}.", nameof(pixels));
    }
}
