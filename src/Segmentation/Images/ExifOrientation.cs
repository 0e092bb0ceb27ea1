using System.Buffers.Binary;

namespace Pipeline.Segmentation.Images;

/// <summary>The orientation tag of an EXIF block, 1 (upright) to 8, and what it does to an image.</summary>
/// <remarks>CIPA DC-008, tag 0x0112. A block that cannot be read leaves the image upright.</remarks>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <param name="tiff">The EXIF block from its TIFF header on.</param>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8))
            return 1;
        var directory = Long(tiff[4..], little);
        if (directory > tiff.Length - 2)
            return 1;
        var entries = tiff[(int)directory..];
        var count = Short(entries, little);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (Short(entries, little) != OrientationTag || Short(entries[2..], little) != ShortType)
                continue;
            var value = Short(entries[8..], little);
            return value is >= 1 and <= 8 ? value : 1;
        }
        return 1;
    }

    /// <summary>Whether the upright image is as wide as the stored one is high.</summary>
    public static bool IsOnItsSide(int orientation) => orientation >= 5;

    /// <summary>Turns the stored image into the upright one.</summary>
    public static RgbImage Apply(RgbImage stored, int orientation)
    {
        if (orientation == 1)
            return stored;
        int w = stored.Width, h = stored.Height;
        var last = (w * h) - 1;
        var (start, right, down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => (last, -1, -w),
            4 => (last - w + 1, 1, -w),
            5 => (0, w, 1),
            6 => (last - w + 1, -w, 1),
            7 => (last, -w, -1),
            8 => (w - 1, w, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "An orientation is 1 to 8."),
        };
        var (width, height) = IsOnItsSide(orientation) ? (h, w) : (w, h);
        var upright = GC.AllocateUninitializedArray<byte>(stored.Pixels.Length);
        var to = 0;
        for (var y = 0; y < height; y++)
        {
            var from = start + (y * down);
            for (var x = 0; x < width; x++, from += right, to += 3)
                stored.Pixels.AsSpan(3 * from, 3).CopyTo(upright.AsSpan(to, 3));
        }
        return new(width, height, upright);
    }

    private static ushort Short(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Long(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
