using System.Buffers.Binary;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Small PNG files of every kind.</summary>
internal static class PngFiles
{
    private const int Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, Rgba = 6;

    private static readonly uint[] CrcOfByte = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320))];

    public static IReadOnlyList<byte[]> All { get; } =
    [
        ImageCodec.EncodePng(ImageReading.Pattern(5, 4)),
        ImageCodec.EncodeMaskPng(6, 3, new byte[18]),
        PngBytes.Of(3, 2, 1, Gray, [[0b1010_0000], [0b0100_0000]]),
        PngBytes.Of(2, 2, 16, Gray, [[1, 2, 3, 4], [5, 6, 7, 8]]),
        PngBytes.Of(2, 2, 8, Palette, [[0, 1], [1, 2]], ("PLTE", [255, 0, 0, 0, 255, 0, 0, 0, 255]), ("tRNS", [0])),
        PngBytes.Of(2, 2, 2, Palette, [[0b0001_0000], [0b1011_0000]], ("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])),
        PngBytes.Of(2, 1, 8, GrayAlpha, [[1, 2, 3, 4]], ("gAMA", [0, 0, 0xB1, 0x8F])),
        PngBytes.Of(1, 2, 8, Rgba, [[1, 2, 3, 4], [5, 6, 7, 8]], ("eXIf", [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 5, 0, 0, 0])),
        PngBytes.Of(2, 1, 16, Rgb, [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]),
    ];

    public static IReadOnlyList<byte[]> Words { get; } =
    [
        .. Bytes.Of("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "iCCP", "zTXt", "eXIf", "acTL", "fdAT"), [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0x7F, 0xFF], [0, 1, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], [8, 6, 0, 0, 1], [16, 3, 0, 0, 0],
        [0x78, 0x9C], [0x78, 0x01, 0x01], [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82],
    ];

    /// <summary>The checksum of every chunk, as far as there are chunks.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        for (var at = 8; file.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                break;
            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Crc(file.AsSpan((at + 4)..end)));
            at = end + 4;
        }

        return file;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = CrcOfByte[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }
}
