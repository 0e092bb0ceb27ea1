using System.Runtime.Intrinsics;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>Colours of the fast mode: float32 planes made from bytes by tables.</summary>
/// <remarks>
/// CIELAB: a table per channel holds what a sample adds to X, Y and Z, as three numbers in one word, so that two additions make all three; a further table
/// holds their lightnesses. Tables are rounded to integers, and no entry lies so near a tie that the last bits of a machine's powers and cube roots
/// could matter: planes are the same everywhere.
/// </remarks>
internal static class FastColors
{
    /// <summary>White's X, Y and Z, scaled.</summary>
    private const int White = 1 << 16;

    /// <summary>White's lightness, scaled.</summary>
    private const int Light = 1 << 15;

    /// <summary>Bits of a word for each of X, Y and Z.</summary>
    private const int Field = 21;

    private const int FieldMask = (1 << Field) - 1;

    /// <summary>What one step of L, a or b is worth in the planes. a = 500 (X - Y) counts lightness as it is scaled; L = 116 Y and b = 200 (Y - Z) count less.</summary>
    public const float LabUnit = Light / 500f;

    private static readonly ushort[] Lightnesses = [.. Enumerable.Range(0, White + 4).Select(share => (ushort)Math.Round(Lightness(share)))];

    /// <summary>Planes of an image stretched to 0 to 1, and what one step of its colour space is worth in them.</summary>
    /// <param name="samples">(H, W, channels).</param>
    /// <param name="channels">3, or 1 for gray.</param>
    public static (FastPlanes Planes, float Unit) Of(ReadOnlySpan<byte> samples, int height, int width, int channels, bool toLab)
    {
        var (least, greatest) = ByteRange.Of(samples);
        var range = Math.Max(1, greatest - least);
        var planes = new FastPlanes(height, width);
        if (channels == 3 && toLab)
        {
            FillLab(planes, samples, least, range);
            return (planes, LabUnit);
        }

        Fill(planes, samples, channels, least, range);
        return (planes, 1);
    }

    /// <summary>What a stretched sample adds to X, Y or Z, scaled, before rounding.</summary>
    internal static double Share(int axis, int channel, int value, int range) =>
        CieLab.Linear((double)value / range) * CieLab.XyzOfRgb[axis][channel] / CieLab.White[axis] * White;

    /// <summary>Scaled lightness of a scaled share, before rounding.</summary>
    internal static double Lightness(int share) => CieLab.Lightness((double)share / White) * Light;

    private static void FillLab(FastPlanes planes, ReadOnlySpan<byte> samples, byte least, int range)
    {
        var (red, green, blue) = (Words(0, least, range), Words(1, least, range), Words(2, least, range));
        var (lightX, lightY, lightZ) = (new int[planes.Stride], new int[planes.Stride], new int[planes.Stride]);
        var lightnesses = Lightnesses;
        for (var y = 0; y < planes.Height; y++)
        {
            var row = samples.Slice(y * planes.Width * 3, planes.Width * 3);
            for (int x = 0, sample = 0; x < planes.Width; x++, sample += 3)
            {
                var sum = red[row[sample]] + green[row[sample + 1]] + blue[row[sample + 2]];
                lightX[x] = lightnesses[(int)sum & FieldMask];
                lightY[x] = lightnesses[(int)(sum >> Field) & FieldMask];
                lightZ[x] = lightnesses[(int)(sum >> (2 * Field))];
            }

            ToLab(lightX, lightY, lightZ, planes.Row(0, y), planes.Row(1, y), planes.Row(2, y));
        }
    }

    private static void ToLab(int[] x, int[] y, int[] z, Span<float> l, Span<float> a, Span<float> b)
    {
        for (var i = 0; i < l.Length; i += Vector256<int>.Count)
        {
            var (lightX, lightY, lightZ) = (Vector256.Create(x, i), Vector256.Create(y, i), Vector256.Create(z, i));
            (Vector256.ConvertToSingle(lightY) * (116f / 500)).CopyTo(l[i..]);
            Vector256.ConvertToSingle(lightX - lightY).CopyTo(a[i..]);
            (Vector256.ConvertToSingle(lightY - lightZ) * (200f / 500)).CopyTo(b[i..]);
        }
    }

    private static ulong[] Words(int channel, byte least, int range)
    {
        return [.. Enumerable.Range(0, 256).Select(value => Math.Clamp(value - least, 0, range)).Select(Word)];

        ulong Word(int value) => Rounded(0, value) | (Rounded(1, value) << Field) | (Rounded(2, value) << (2 * Field));

        ulong Rounded(int axis, int value) => (ulong)Math.Round(Share(axis, channel, value, range));
    }

    private static void Fill(FastPlanes planes, ReadOnlySpan<byte> samples, int channels, byte least, int range)
    {
        var values = Enumerable.Range(0, 256).Select(value => (float)(value - least) / range).ToArray();
        planes.Clear();
        for (var channel = 0; channel < channels; channel++)
        {
            for (var y = 0; y < planes.Height; y++)
            {
                var row = planes.Row(channel, y);
                var sample = (y * planes.Width * channels) + channel;
                for (var x = 0; x < planes.Width; x++, sample += channels) row[x] = values[samples[sample]];
            }
        }
    }
}
