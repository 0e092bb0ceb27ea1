using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Fuzzing.Targets;

/// <summary>JPEG through libjpeg-turbo: baseline, progressive, gray, turned by EXIF.</summary>
internal sealed class JpegTarget : IFuzzTarget
{
    public string Name => "jpeg";

    public IReadOnlyList<byte[]> Seeds { get; } = [Small(), Turned(), Convert.FromBase64String(JpegFiles.Gray), Convert.FromBase64String(JpegFiles.Cmyk), Convert.FromBase64String(JpegFiles.Progressive)];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0xFF, 0xD8], [0xFF, 0xD9], [0xFF, 0xC0], [0xFF, 0xC1], [0xFF, 0xC2], [0xFF, 0xC3], [0xFF, 0xC9], [0xFF, 0xCA], [0xFF, 0xC4], [0xFF, 0xDB], [0xFF, 0xDA], [0xFF, 0xDD, 0, 4, 0, 1], [0xFF, 0xD0], [0xFF, 0xE1], [0xFF, 0xEE],
        [0xFF, 0xDC, 0, 4, 0, 8], [0xFF, 0xFE, 0, 2], [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0], [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x10], .. Bytes.Of("Exif\0\0", "II*\0", "MM\0*", "Adobe"),
    ];

    public long MostBytes(int length) => ImageReading.MostBytes(length);

    public Reading Read(byte[] input) => ImageReading.Of(ImageCodec.Decode(input, "image.jpg"));

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    private static byte[] Small() => ImageCodec.EncodeJpeg(ImageReading.Pattern(9, 7), 80);

    /// <summary>With an EXIF block that turns it by 90 degrees, behind the start of the image.</summary>
    private static byte[] Turned()
    {
        var file = Small();
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        return [.. file[..2], .. exif, .. file[2..]];
    }
}
