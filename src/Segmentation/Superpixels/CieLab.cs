namespace Pipeline.Segmentation.Superpixels;

/// <summary>sRGB to CIELAB, white point D65, 2 degree observer.</summary>
/// <remarks>
/// scikit-image 0.19.3, color/colorconv.py: its matrix, its white point and its rounded constants 0.008856 and 7.787. Bit for bit what it gives where
/// NumPy takes powers and cube roots from glibc, and OpenBLAS has fused multiplications; NumPy's own AVX-512 functions differ from these by up to 3e-13.
/// </remarks>
internal static class CieLab
{
    /// <summary>Rows X, Y, Z; columns red, green, blue.</summary>
    public static readonly double[][] XyzOfRgb = [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]];

    /// <summary>X, Y, Z of white.</summary>
    public static readonly double[] White = [0.95047, 1, 1.08883];

    /// <summary>Replaces red, green and blue in 0 to 1 by L in 0 to 100, a and b.</summary>
    public static void Convert(ColorPlanes image)
    {
        var (first, second, third) = (image.Channels[0], image.Channels[1], image.Channels[2]);
        foreach (var plane in image.Channels) Linearize(plane);
        for (var i = 0; i < image.Height * image.Width; i++)
        {
            var (red, green, blue) = (first[i], second[i], third[i]);
            var x = Lightness(Share(0, red, green, blue));
            var y = Lightness(Share(1, red, green, blue));
            var z = Lightness(Share(2, red, green, blue));
            (first[i], second[i], third[i]) = ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
        }
    }

    /// <summary>Light of an sRGB sample, both in 0 to 1.</summary>
    public static double Linear(double sample) => sample > 0.04045 ? Math.Pow((sample + 0.055) / 1.055, 2.4) : sample / 12.92;

    /// <summary>Perceived lightness of a share of white, both in 0 to 1.</summary>
    public static double Lightness(double share) => share > 0.008856 ? Math.Cbrt(share) : (7.787 * share) + (16.0 / 116);

    private static double Share(int axis, double red, double green, double blue)
    {
        var weights = XyzOfRgb[axis];
        return Math.FusedMultiplyAdd(blue, weights[2], Math.FusedMultiplyAdd(green, weights[1], red * weights[0])) / White[axis];
    }

    /// <summary>An image of bytes has 256 values at most, so few powers are computed.</summary>
    private static void Linearize(double[] plane)
    {
        var known = new Dictionary<double, double>();
        for (var i = 0; i < plane.Length; i++)
        {
            if (!known.TryGetValue(plane[i], out var linear)) known[plane[i]] = linear = Linear(plane[i]);
            plane[i] = linear;
        }
    }
}
