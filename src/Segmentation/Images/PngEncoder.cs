using System.Buffers;

namespace Pipeline.Segmentation.Images;

/// <summary>Pixels to PNG through libpng.</summary>
internal static class PngEncoder
{
    // Signature, header, colour chunks and end, generously.
    private const int Overhead = 4096;

    public static unsafe byte[] Encode(int width, int height, ReadOnlySpan<byte> samples, uint format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var channels = format == LibPng.FormatGray ? 1 : 3;
        if (samples.Length != (long)width * height * channels)
            throw new ArgumentException($"An image of {width}x{height} with {channels} channels has {(long)width * height * channels} samples, not {samples.Length}.", nameof(samples));

        var image = LibPng.NewImage();
        (image.Width, image.Height, image.Format) = ((uint)width, (uint)height, format);
        // What does not compress grows by a filter byte per row and deflate's block headers.
        var raw = samples.Length + (long)height;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(raw + (raw / 8) + Overhead, Array.MaxLength));
        try
        {
            fixed (byte* pixels = samples, file = buffer)
            {
                var size = (nuint)buffer.Length;
                if (LibPng.Write(&image, file, &size, 0, pixels, width * channels, null) == 0)
                    throw new InvalidOperationException($"An image of {width}x{height} cannot be written as PNG: {LibPng.Error(image)}");
                return buffer.AsSpan(0, (int)size).ToArray();
            }
        }
        finally
        {
            LibPng.Free(&image);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
