using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Tests.Superpixels;

/// <summary>Images to cut, and what can be asked of any label map.</summary>
internal static class TestMaps
{
    public static RgbImage Scene(int index, int side = 336)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(7, index, side, side));
        return new RgbImage(scene.Width, scene.Height, scene.Rgb);
    }

    public static RgbImage Noise(Random random, int height, int width)
    {
        var pixels = new byte[height * width * 3];
        random.NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Blobs of a few pixels, so that there are edges to follow.</summary>
    public static RgbImage Blobs(Random random, int height, int width)
    {
        var coarse = Noise(random, (height / 4) + 1, (width / 4) + 1);
        var pixels = new byte[height * width * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = (i / 3 / width / 4, i / 3 % width / 4);
            pixels[i] = coarse.Pixels[(((y * coarse.Width) + x) * 3) + (i % 3)];
        }

        return new RgbImage(width, height, pixels);
    }

    public static RgbImage Constant(int height, int width, byte value)
    {
        var pixels = new byte[height * width * 3];
        Array.Fill(pixels, value);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Pieces of equal labels, by their neighbours right and below.</summary>
    public static int Pieces(LabelMap map)
    {
        var parents = Enumerable.Range(0, map.Labels.Length).ToArray();
        for (var i = 0; i < parents.Length; i++)
        {
            if ((i + 1) % map.Width != 0 && map.Labels[i] == map.Labels[i + 1]) parents[Root(i)] = Root(i + 1);
            if (i + map.Width < parents.Length && map.Labels[i] == map.Labels[i + map.Width]) parents[Root(i)] = Root(i + map.Width);
        }

        return Enumerable.Range(0, parents.Length).Select(Root).Distinct().Count();

        int Root(int i)
        {
            while (parents[i] != i) i = parents[i] = parents[parents[i]];
            return i;
        }
    }
}
