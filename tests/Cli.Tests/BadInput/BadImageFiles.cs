using System.Buffers.Binary;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Files that are no images, by what is wrong with them.</summary>
internal static class BadImageFiles
{
    private const int Gray = 0, Palette = 3;

    /// <summary>Content of each, and what is said of it behind its path.</summary>
    public static IReadOnlyList<(string Name, byte[] Content, string Reason)> All { get; } =
    [
        ("zero bytes.jpg", [], "is empty (0 bytes)"),
        ("text.jpg", "not an image at all"u8.ToArray(), "is neither JPEG nor PNG (it starts with 6E6F7420616E2069)"),
        ("error page.png", "<!DOCTYPE html><html>404"u8.ToArray(), "is neither JPEG nor PNG"),
        ("git lfs pointer.jpg", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray(), "is neither JPEG nor PNG"),
        ("animated.gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x3B], "is neither JPEG nor PNG (it starts with 47494638"),
        ("photo.webp", [.. "RIFF"u8, 4, 0, 0, 0, .. "WEBP"u8], "is neither JPEG nor PNG"),
        ("scan.tiff", [.. "II*\0"u8, 8, 0, 0, 0], "is neither JPEG nor PNG"),
        ("phone.heic", [0, 0, 0, 24, .. "ftypheic"u8], "is neither JPEG nor PNG"),
        ("truncated.jpg", Jpeg()[..^40], "is cut short (a JPEG of"),
        ("half.jpg", Jpeg()[..(Jpeg().Length / 2)], "is cut short"),
        ("start only.jpg", [0xFF, 0xD8, 0xFF], "is cut short"),
        ("no frame.jpg", [0xFF, 0xD8, 0xFF, 0xD9], "is a JPEG file without an image (no frame header)"),
        ("missing scans.jpg", WithoutScans(Convert.FromBase64String(JpegFiles.Progressive)), "is a damaged JPEG"),
        ("scan cut.jpg", [.. Jpeg()[..^200], 0xFF, 0xD9], "is a damaged JPEG"),
        ("giant header.jpg", Sized(Jpeg(), 65500, 65500), "its header says 65500x65500 pixels; at most 178956970 pixels are read"),
        ("bomb.jpg", Sized(Jpeg(), 13000, 13000), "its header says 13000x13000 pixels, more than its"),
        ("truncated.png", Png()[..^20], "is cut short (a PNG of"),
        ("bad checksum.png", Flipped(Png(), Png().Length / 2), "is a damaged PNG"),
        ("giant header.png", new PngBytes().Header(50_000, 50_000, 8, Gray).Chunk("IDAT", PngBytes.Deflate(new byte[100])).Chunk("IEND", []).ToArray(), "its header says 50000x50000 pixels; at most 178956970 pixels are read"),
        ("bomb.png", new PngBytes().Header(13_000, 13_000, 8, Gray).Chunk("IDAT", PngBytes.Deflate(new byte[1000])).Chunk("IEND", []).ToArray(), "its header says 13000x13000 pixels, more than its"),
        ("no rows.png", new PngBytes().Header(10, 0, 8, Gray).Chunk("IDAT", PngBytes.Deflate([0])).Chunk("IEND", []).ToArray(), "its header says 10x0 pixels; both must be at least 1"),
        ("no pixels.png", new PngBytes().Header(4, 4, 8, Gray).Chunk("IEND", []).ToArray(), "its header says 4x4 pixels, more than its 0 bytes of image data can hold"),
        ("five bits.png", PngBytes.Of(4, 1, 5, Gray, [[1, 2, 3]]), "is a damaged PNG"),
        ("colour type 5.png", PngBytes.Of(1, 1, 8, 5, [[1, 2]]), "is a damaged PNG"),
        ("no palette.png", PngBytes.Of(1, 1, 8, Palette, [[0]]), "is a damaged PNG"),
        ("two headers.png", new PngBytes().Header(4, 4, 8, Gray).Header(9, 9, 8, Gray).Chunk("IDAT", PngBytes.Deflate(new byte[20])).Chunk("IEND", []).ToArray(), "is a damaged PNG"),
        ("rows missing.png", new PngBytes().Header(4, 4, 8, Gray).Chunk("IDAT", PngBytes.Deflate(new byte[7])).Chunk("IEND", []).ToArray(), "is a damaged PNG"),
        ("not deflated.png", new PngBytes().Header(4, 4, 8, Gray).Chunk("IDAT", new byte[20]).Chunk("IEND", []).ToArray(), "is a damaged PNG"),
        ("no chunk.png", [.. Png()[..8], 0, 0, 0, 13, 1, 2, 3, 4, .. new byte[40]], "is a damaged PNG (no chunk at byte 8)"),
    ];

    private static byte[] Jpeg() => ImageCodec.EncodeJpeg(Workshop.Pattern(40, 30), 90);

    private static byte[] Png() => ImageCodec.EncodePng(Workshop.Pattern(40, 30));

    private static byte[] Flipped(byte[] file, int at)
    {
        file[at] ^= 1;
        return file;
    }

    /// <summary>With another size in its frame header.</summary>
    private static byte[] Sized(byte[] jpeg, int width, int height)
    {
        var frame = jpeg.AsSpan()[jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0])..];
        BinaryPrimitives.WriteUInt16BigEndian(frame[5..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(frame[7..], (ushort)width);
        return jpeg;
    }

    /// <summary>A progressive file up to the middle of its first scan, and then its end.</summary>
    private static byte[] WithoutScans(byte[] jpeg)
    {
        var scan = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        return [.. jpeg[..(scan + 16)], 0xFF, 0xD9];
    }
}
