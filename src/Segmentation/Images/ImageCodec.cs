namespace Pipeline.Segmentation.Images;

/// <summary>JPEG and PNG files to pixels and back. The content tells the format, whatever the file is called.</summary>
/// <remarks>
/// Pixels are what LISA's evaluation sees: cv2.imread turned to RGB. So the orientation an EXIF block asks for is applied (PIL would not),
/// alpha is dropped, gray and CMYK become RGB, colour profiles and gamma are ignored, and 16-bit samples are rounded to 8.
/// A file that does not hold a whole, sound image is an <see cref="InvalidDataException"/> that names the file and the fault: half a picture is no picture.
/// </remarks>
public static class ImageCodec
{
    /// <summary>The most pixels an image may have, PIL's limit for decompression bombs; checked from the header before any memory is taken.</summary>
    public const int MaxPixels = 178_956_970;

    /// <summary>Decodes a JPEG or PNG file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="mostPixels">Pixels it may have, at most <see cref="MaxPixels"/>.</param>
    /// <exception cref="InvalidDataException">Empty, of another format, damaged, cut short, or too large.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> file, string name, int mostPixels = MaxPixels)
    {
        if (IsPng(file, name))
            return PngDecoder.DecodeRgb(file, name, mostPixels);
        return JpegCodec.Decode(file.Span, name, mostPixels);
    }

    /// <summary>Reads the size of a JPEG or PNG file, upright as it would be decoded, from its markers or chunks; no pixel is decoded.</summary>
    /// <param name="file">The whole file: one that is cut short is found.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="InvalidDataException">Empty, of another format, cut short, or too large; damage inside the pixels' own data is not found.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlyMemory<byte> file, string name)
    {
        if (IsPng(file, name))
        {
            var png = PngFile.Read(file, name, MaxPixels);
            return Upright(png.Width, png.Height, png.Orientation);
        }

        var jpeg = JpegHeader.Read(file.Span, name, MaxPixels);
        return Upright(jpeg.Width, jpeg.Height, jpeg.Orientation);

        static (int Width, int Height) Upright(int width, int height, int orientation) => ExifOrientation.IsOnItsSide(orientation) ? (height, width) : (width, height);
    }

    /// <summary>Decodes a PNG of one value per pixel, as masks are stored: gray as it is, a palette as its indices, colours as their luma.</summary>
    /// <returns>Values, (H, W). Gray of fewer than 8 bits is stretched to 0..255, palette indices are not.</returns>
    /// <exception cref="InvalidDataException">As for <see cref="Decode"/>; also a JPEG, which does not keep the values of a mask, and a PNG of 16 bits.</exception>
    public static (int Width, int Height, byte[] Values) DecodeGray(ReadOnlyMemory<byte> file, string name, int mostPixels = MaxPixels) =>
        IsPng(file, name)
            ? PngDecoder.DecodeGray(file, name, mostPixels)
            : throw new InvalidDataException($"{name}: is a JPEG, which does not keep the values of a mask; a mask is a PNG");

    /// <summary>Encodes a baseline JPEG without chroma subsampling.</summary>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    public static byte[] EncodeJpeg(RgbImage image, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        return JpegCodec.Encode(image, quality);
    }

    /// <summary>Encodes an 8-bit RGB PNG.</summary>
    public static byte[] EncodePng(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PngEncoder.Encode(image.Width, image.Height, image.Pixels, LibPng.FormatRgb);
    }

    /// <summary>Encodes a binary mask as an 8-bit gray PNG, 0 for background and 255 for the target.</summary>
    /// <param name="mask">(H, W), row-major; anything but 0 is the target.</param>
    public static byte[] EncodeMaskPng(int width, int height, ReadOnlySpan<byte> mask)
    {
        var gray = new byte[mask.Length];
        for (var i = 0; i < gray.Length; i++)
            gray[i] = mask[i] == 0 ? (byte)0 : byte.MaxValue;
        return PngEncoder.Encode(width, height, gray, LibPng.FormatGray);
    }

    internal static void CheckSize(uint width, uint height, int most, string name)
    {
        if (width == 0 || height == 0)
            throw new InvalidDataException($"{name}: its header says {width}x{height} pixels; both must be at least 1");
        if ((ulong)width * height > (ulong)most)
            throw new InvalidDataException($"{name}: its header says {width}x{height} pixels; at most {most} pixels are read");
    }

    private static bool IsPng(ReadOnlyMemory<byte> file, string name)
    {
        var bytes = file.Span;
        if (bytes.IsEmpty)
            throw new InvalidDataException($"{name}: is empty (0 bytes)");
        if (bytes.StartsWith(PngFile.Signature))
            return true;
        return bytes.StartsWith(JpegHeader.Signature)
            ? false
            : throw new InvalidDataException($"{name}: is neither JPEG nor PNG (it starts with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])})");
    }
}
