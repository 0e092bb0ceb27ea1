namespace Pipeline.Contracts.Synthetic;

/// <summary>Colours the pixels of a layout.</summary>
internal static class ScenePainter
{
    /// <summary>Red, green, blue of each <see cref="SceneColor"/>.</summary>
    private static readonly int[][] Colors =
    [
        [214, 40, 40], [46, 160, 60], [48, 84, 220], [236, 212, 48], [146, 60, 190], [242, 134, 32], [56, 204, 214], [240, 240, 240],
    ];

    /// <param name="unusual">Whether backgrounds, stripes and dots are those that only the split <c>textures</c> has.</param>
    public static byte[] Paint(SceneLayout layout, bool unusual, RandomStream random)
    {
        int width = layout.Width, height = layout.Height;
        ISceneBackground background = unusual ? new PatternBackground(width, height, random) : new CloudBackground(width, height, random);
        var shading = new ValueNoise(width, height, Math.Max(4, Math.Min(width, height) / 8), random);
        var fills = layout.Shapes.Select(shape => new ShapeFill(shape, unusual ? FillStyle.Unusual(random) : FillStyle.Usual)).ToArray();
        var rgb = new byte[width * height * 3];
        int[] shades = new int[width], backdrop = new int[width];
        for (var y = 0; y < height; y++)
        {
            shading.Row(y, shades);
            background.Row(y, backdrop);
            var owners = layout.Owners.AsSpan(y * width, width);
            var pixels = rgb.AsSpan(y * width * 3, width * 3);
            for (var x = 0; x < width; x++)
            {
                var grain = random.Next();
                if (owners[x] == 0)
                    Set(pixels[(3 * x)..], background.Tint, 256, backdrop[x], grain);
                else
                    Set(pixels[(3 * x)..], Colors[(int)layout.Shapes[owners[x] - 1].Color], IsRim(layout, x, y) ? 90 : fills[owners[x] - 1].Brightness(x, y), shades[x] >> 3, grain);
            }
        }

        return rgb;
    }

    /// <param name="pixel">Three bytes.</param>
    /// <param name="color">Three channels.</param>
    /// <param name="brightness">In 1/256.</param>
    /// <param name="offset">Added to all channels.</param>
    /// <param name="grain">Random bits for noise of the single channels, -6 to 6.</param>
    private static void Set(Span<byte> pixel, int[] color, int brightness, int offset, ulong grain)
    {
        for (var channel = 0; channel < 3; channel++, grain >>= 16)
            pixel[channel] = (byte)Math.Clamp(((color[channel] * brightness) >> 8) + offset + (int)(((grain & 0xFFFF) * 13) >> 16) - 6, 0, 255);
    }

    /// <summary>A pixel that touches another object or the background: painted dark, so that objects of one colour stay apart.</summary>
    private static bool IsRim(SceneLayout layout, int x, int y)
    {
        var at = y * layout.Width + x;
        var owner = layout.Owners[at];
        return (x > 0 && layout.Owners[at - 1] != owner) || (x < layout.Width - 1 && layout.Owners[at + 1] != owner)
            || (y > 0 && layout.Owners[at - layout.Width] != owner) || (y < layout.Height - 1 && layout.Owners[at + layout.Width] != owner);
    }
}
