using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Segmentation.Images;

/// <summary>PIL's Image.resize for 8-bit RGB, bit for bit.</summary>
/// <remarks>
/// Pillow 9.4, libImaging/Resample.c: first along the rows (only those that are needed), then along the columns; each pass sums in 32-bit fixed point
/// and rounds to 8 bits. A pass whose size does not change is left out.
/// </remarks>
public static class PilResize
{
    private const int Half = 1 << (ResampleWeights.Bits - 1);

    /// <summary>Resizes to exactly <paramref name="width"/> x <paramref name="height"/>; the same image when that is its size.</summary>
    public static RgbImage Resize(RgbImage image, int width, int height, PilFilter filter)
    {
        return Window(image, width, height, 0, 0, width, height, filter);
    }

    /// <summary>A window of what <see cref="Resize"/> would give, at the cost of the window.</summary>
    internal static RgbImage Window(RgbImage image, int width, int height, int left, int top, int windowWidth, int windowHeight, PilFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)windowWidth * windowHeight > ImageCodec.MaxPixels)
            throw new ArgumentOutOfRangeException(nameof(windowWidth), $"{windowWidth}x{windowHeight} is more than {ImageCodec.MaxPixels} pixels.");

        // Weights for a size that does not change pick each sample as it is, so a plain crop needs no code of its own.
        var rows = height == image.Height && windowHeight == height ? null : new ResampleWeights(image.Height, height, filter, top, windowHeight);
        var columns = width == image.Width && windowWidth == width ? null : new ResampleWeights(image.Width, width, filter, left, windowWidth);
        var (from, to) = columns is null || rows is null ? (0, image.Height) : rows.Needed;
        var across = columns is null ? image.Pixels : AlongRows(image, from, to, windowWidth, columns);
        var both = rows is null ? across : AlongColumns(across, from, windowWidth, windowHeight, rows);
        return ReferenceEquals(both, image.Pixels) ? image : new(windowWidth, windowHeight, both);
    }

    private static byte[] AlongRows(RgbImage image, int fromRow, int toRow, int width, ResampleWeights columns)
    {
        var result = GC.AllocateUninitializedArray<byte>((toRow - fromRow) * width * 3);
        // One byte more than a row, since a pixel is loaded as four bytes.
        var row = new byte[(image.Width * 3) + 1];
        var target = result.AsSpan();
        for (var y = fromRow; y < toRow; y++)
        {
            image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3).CopyTo(row);
            for (var x = 0; x < width; x++)
            {
                var sum = Vector128.Create(Half);
                ReadOnlySpan<byte> pixels = row.AsSpan(columns.First(x) * 3);
                foreach (var weight in columns.Of(x))
                {
                    var pixel = Vector128.CreateScalar(MemoryMarshal.Read<uint>(pixels)).AsByte();
                    sum += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * weight;
                    pixels = pixels[3..];
                }
                var rounded = Rounded(sum);
                target[0] = (byte)rounded[0];
                target[1] = (byte)rounded[1];
                target[2] = (byte)rounded[2];
                target = target[3..];
            }
        }
        return result;
    }

    /// <param name="source">Rows from <paramref name="firstRow"/> on, each of <paramref name="width"/> pixels.</param>
    private static byte[] AlongColumns(byte[] source, int firstRow, int width, int height, ResampleWeights rows)
    {
        var length = width * 3;
        var result = GC.AllocateUninitializedArray<byte>(height * length);
        for (var y = 0; y < height; y++)
        {
            var weights = rows.Of(y);
            var from = source.AsSpan((rows.First(y) - firstRow) * length, weights.Length * length);
            var to = result.AsSpan(y * length, length);
            var x = 0;
            for (; x <= length - Vector128<byte>.Count; x += Vector128<byte>.Count)
                SixteenSamples(from, x, length, weights).CopyTo(to[x..]);
            for (; x < length; x++)
            {
                var sum = Half;
                for (var i = 0; i < weights.Length; i++)
                    sum += from[(i * length) + x] * weights[i];
                to[x] = (byte)Math.Clamp(sum >> ResampleWeights.Bits, 0, byte.MaxValue);
            }
        }
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SixteenSamples(ReadOnlySpan<byte> from, int x, int length, ReadOnlySpan<int> weights)
    {
        var a = Vector128.Create(Half);
        var (b, c, d) = (a, a, a);
        foreach (var weight in weights)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(from[x..]));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            a += first.AsInt32() * weight;
            b += second.AsInt32() * weight;
            c += third.AsInt32() * weight;
            d += fourth.AsInt32() * weight;
            x += length;
        }
        var lower = Vector128.Narrow(Rounded(a).AsUInt32(), Rounded(b).AsUInt32());
        var upper = Vector128.Narrow(Rounded(c).AsUInt32(), Rounded(d).AsUInt32());
        return Vector128.Narrow(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Rounded(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleWeights.Bits, Vector128<int>.Zero), Vector128.Create((int)byte.MaxValue));
}
