namespace Pipeline.Segmentation.Images;

/// <summary>PNG to pixels through libpng.</summary>
internal static class PngDecoder
{
    public static RgbImage DecodeRgb(ReadOnlyMemory<byte> file, string name, int mostPixels)
    {
        var png = PngFile.Read(file, name, mostPixels);
        var pixels = png.HasAlpha
            ? WithoutAlpha(Read(png.Plain(), png, LibPng.FormatRgba, 4, name))
            : Read(png.Plain(), png, LibPng.FormatRgb, 3, name);
        return ExifOrientation.Apply(new(png.Width, png.Height, pixels), png.Orientation);
    }

    public static (int Width, int Height, byte[] Values) DecodeGray(ReadOnlyMemory<byte> file, string name, int mostPixels)
    {
        var png = PngFile.Read(file, name, mostPixels);
        if (png.BitDepth > 8)
            throw new InvalidDataException($"{name}: has {png.BitDepth} bits per sample; a mask has at most 8");
        if (png.HasPalette)
            return (png.Width, png.Height, Indices(png, name));
        if (png.HasAlpha || png.HasColor)
        {
            var rgb = DecodeRgb(file, name, mostPixels);
            return (rgb.Width, rgb.Height, Luma(rgb.Pixels));
        }
        return (png.Width, png.Height, Read(png.Plain(), png, LibPng.FormatGray, 1, name));
    }

    private static byte[] Indices(PngFile png, string name)
    {
        var values = Read(png.PaletteAsGray(), png, LibPng.FormatGray, 1, name);
        var stretch = byte.MaxValue / ((1 << png.BitDepth) - 1);
        if (stretch > 1)
        {
            foreach (ref var value in values.AsSpan())
                value = (byte)(value / stretch);
        }
        return values;
    }

    private static unsafe byte[] Read(byte[] file, PngFile png, uint format, int channels, string name)
    {
        var image = LibPng.NewImage();
        try
        {
            fixed (byte* bytes = file)
            {
                if (LibPng.BeginRead(&image, bytes, (nuint)file.Length) == 0)
                    throw Damaged(image, name);
                if (image.Width != png.Width || image.Height != png.Height)
                    throw new InvalidDataException($"{name}: is a damaged PNG (two headers)");
                // Otherwise libpng takes 16-bit samples for linear light and bends them.
                image.Flags |= LibPng.Flag16BitSrgb;
                image.Format = format;
                var pixels = GC.AllocateUninitializedArray<byte>(png.Width * png.Height * channels);
                fixed (byte* to = pixels)
                {
                    if (LibPng.FinishRead(&image, null, to, png.Width * channels, null) == 0)
                        throw Damaged(image, name);
                }
                return pixels;
            }
        }
        finally
        {
            LibPng.Free(&image);
        }
    }

    private static InvalidDataException Damaged(in LibPng.Image image, string name) => new($"{name}: is a damaged PNG ({LibPng.Error(image)})");

    private static byte[] WithoutAlpha(byte[] rgba)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(rgba.Length / 4 * 3);
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += 3)
            rgba.AsSpan(from, 3).CopyTo(rgb.AsSpan(to));
        return rgb;
    }

    /// <summary>ITU-R 601-2 luma in PIL's fixed point.</summary>
    private static byte[] Luma(byte[] rgb)
    {
        var luma = new byte[rgb.Length / 3];
        for (var i = 0; i < luma.Length; i++)
            luma[i] = (byte)(((rgb[3 * i] * 19595) + (rgb[(3 * i) + 1] * 38470) + (rgb[(3 * i) + 2] * 7471) + 0x8000) >> 16);
        return luma;
    }
}
