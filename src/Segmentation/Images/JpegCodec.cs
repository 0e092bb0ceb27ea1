using System.Buffers;

namespace Pipeline.Segmentation.Images;

/// <summary>JPEG through libjpeg-turbo, with the accurate DCT and smooth chroma upsampling that PIL and OpenCV use.</summary>
internal static class JpegCodec
{
    private const int DecodeFlags = TurboJpeg.FlagAccurateDct | TurboJpeg.FlagLimitScans;

    // libjpeg repairs these without touching a pixel; every other warning means that samples were made up.
    private static readonly string[] HarmlessWarnings = ["extraneous bytes before marker", "JFIF revision number", "Adobe color transform"];

    public static RgbImage Decode(ReadOnlySpan<byte> file, string name, int mostPixels)
    {
        var header = JpegHeader.Read(file, name, mostPixels);
        var pixels = header.Components == 4
            ? FromCmyk(Decompress(file, header, TurboJpeg.PixelCmyk, 4, name))
            : Decompress(file, header, TurboJpeg.PixelRgb, 3, name);
        return ExifOrientation.Apply(new(header.Width, header.Height, pixels), header.Orientation);
    }

    public static unsafe byte[] Encode(RgbImage image, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using var compressor = TurboJpeg.NewCompressor();
        var size = TurboJpeg.LargestSize(image.Width, image.Height, TurboJpeg.Subsampling444);
        if (size > (nuint)Array.MaxLength)
            throw new ArgumentException($"An image of {image.Width}x{image.Height} is too large for a JPEG file.", nameof(image));
        var buffer = ArrayPool<byte>.Shared.Rent((int)size);
        try
        {
            fixed (byte* pixels = image.Pixels, file = buffer)
            {
                var target = file;
                var failed = TurboJpeg.Compress(
                    compressor, pixels, image.Width, 3 * image.Width, image.Height, TurboJpeg.PixelRgb, &target, &size,
                    TurboJpeg.Subsampling444, quality, TurboJpeg.FlagAccurateDct | TurboJpeg.FlagNoReallocation) != 0;
                if (failed)
                    throw new InvalidOperationException($"An image of {image.Width}x{image.Height} cannot be written as JPEG: {TurboJpeg.Error(compressor)}");
            }
            return buffer.AsSpan(0, (int)size).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static unsafe byte[] Decompress(ReadOnlySpan<byte> file, JpegHeader header, int format, int channels, string name)
    {
        using var decompressor = TurboJpeg.NewDecompressor();
        var pixels = GC.AllocateUninitializedArray<byte>(header.Width * header.Height * channels);
        fixed (byte* from = file, to = pixels)
        {
            var pitch = header.Width * channels;
            if (TurboJpeg.Decompress(decompressor, from, (nuint)file.Length, to, header.Width, pitch, header.Height, format, DecodeFlags) != 0)
            {
                var fault = TurboJpeg.Error(decompressor);
                var harmless = TurboJpeg.ErrorCode(decompressor) == TurboJpeg.CodeWarning
                    && HarmlessWarnings.Any(warning => fault.Contains(warning, StringComparison.Ordinal));
                if (!harmless)
                    throw new InvalidDataException($"{name}: is a damaged JPEG ({fault})");
            }
        }
        return pixels;
    }

    /// <summary>CMYK as Adobe stores it (inverted), to RGB as PIL converts it.</summary>
    private static byte[] FromCmyk(byte[] cmyk)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(cmyk.Length / 4 * 3);
        for (int from = 0, to = 0; from < cmyk.Length; from += 4, to += 3)
        {
            var black = cmyk[from + 3];
            for (var channel = 0; channel < 3; channel++)
            {
                var ink = ((byte.MaxValue - cmyk[from + channel]) * black) + 128;
                rgb[to + channel] = (byte)(black - (((ink >> 8) + ink) >> 8));
            }
        }
        return rgb;
    }
}
