using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Pruning;

/// <summary>The single pictures of a contact sheet, each made from an image without changing it.</summary>
internal static class Panels
{
    private const double DroppedLight = 0.16;
    private const double AroundLight = 0.55;
    private const double MaskTint = 0.6;
    private static readonly Rgb Border = new(255, 214, 10);
    private static readonly Rgb Mask = new(255, 64, 129);
    private static readonly Rgb[] Masks = [Mask, new(64, 196, 255), new(118, 255, 3), new(255, 171, 64), new(179, 136, 255), new(255, 255, 0)];

    /// <summary>The whole image inside a square.</summary>
    /// <returns>Its longer side is <paramref name="side"/> pixels.</returns>
    public static RgbImage Fit(RgbImage image, int side)
    {
        var scale = (double)side / Math.Max(image.Width, image.Height);
        return PilResize.Resize(image, Length(image.Width), Length(image.Height), PilFilter.Bicubic);

        int Length(int pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
    }

    /// <summary>Borders between regions, drawn on the image.</summary>
    /// <param name="image">What they belong to, at any size.</param>
    /// <param name="regions">Stretched to the size of the image.</param>
    public static RgbImage Borders(RgbImage image, LabelMap regions)
    {
        return Each(image, (x, y) => Label(x, y) != Label(x + 1, y) || Label(x, y) != Label(x, y + 1) ? (Border, 1) : null);

        int Label(int x, int y) =>
            regions.Labels[(Math.Min(y, image.Height - 1) * regions.Height / image.Height * regions.Width) + (Math.Min(x, image.Width - 1) * regions.Width / image.Width)];
    }

    /// <summary>Kept cells as they are, dropped ones dark.</summary>
    /// <param name="view">What the grid covers.</param>
    /// <param name="rows">Of the grid.</param>
    /// <param name="columns">Of the grid.</param>
    /// <param name="kept">Indices into the grid, row by row.</param>
    public static RgbImage Kept(RgbImage view, int rows, int columns, IReadOnlyList<int> kept)
    {
        var bright = new bool[rows * columns];
        foreach (var cell in kept) bright[cell] = true;
        return Each(view, (x, y) => bright[(y * rows / view.Height * columns) + (x * columns / view.Width)] ? null : (default, 1 - DroppedLight));
    }

    /// <summary>The object tinted, its surroundings dimmed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="mask">Of the same size, row-major, 1 on the object.</param>
    public static RgbImage Masked(RgbImage image, IReadOnlyList<byte> mask) =>
        Each(image, (x, y) => mask[(y * image.Width) + x] == 1 ? (Mask, MaskTint) : (default, 1 - AroundLight));

    /// <summary>Several objects, each tinted in a colour of its own, the first on top; their surroundings dimmed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="masks">Of the same size, row-major, 1 on the object.</param>
    public static RgbImage Masked(RgbImage image, IReadOnlyList<byte[]> masks) => Each(image, (x, y) =>
    {
        var owner = masks.Index().FirstOrDefault(mask => mask.Item[(y * image.Width) + x] == 1, (Index: -1, Item: []));
        return owner.Index >= 0 ? (Masks[owner.Index % Masks.Length], MaskTint) : (default, 1 - AroundLight);
    });

    /// <param name="paint">For a pixel the colour that covers it and how much of it shows, 0 to 1; null leaves the pixel as it is.</param>
    private static RgbImage Each(RgbImage image, Func<int, int, (Rgb Colour, double Share)?> paint)
    {
        byte[] pixels = [.. image.Pixels];
        for (var pixel = 0; pixel < image.Width * image.Height; pixel++)
        {
            if (paint(pixel % image.Width, pixel / image.Width) is not var (colour, share))
                continue;
            var samples = pixels.AsSpan(3 * pixel, 3);
            samples[0] = Blend(samples[0], colour.Red, share);
            samples[1] = Blend(samples[1], colour.Green, share);
            samples[2] = Blend(samples[2], colour.Blue, share);
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static byte Blend(byte below, byte above, double share) => (byte)Math.Round((below * (1 - share)) + (above * share));
}
