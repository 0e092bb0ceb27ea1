using System.Buffers.Binary;
using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class JpegTests
{
    [Fact]
    public void A_smooth_image_survives_at_high_quality()
    {
        var image = TestImages.Ramp(70, 50);

        var decoded = ImageCodec.Decode(ImageCodec.EncodeJpeg(image, 98), "x.jpg");

        (decoded.Width, decoded.Height).ShouldBe((70, 50));
        Differences(decoded, image).Max().ShouldBeLessThan(6);
    }

    [Fact]
    public void Gray_becomes_rgb()
    {
        var pixels = ImageCodec.Decode(Convert.FromBase64String(JpegFiles.Gray), "x").Pixels;

        for (var x = 0; x < 16; x++)
        {
            Math.Abs(pixels[3 * x] - (16 * x)).ShouldBeLessThan(4);
            pixels[(3 * x) + 1].ShouldBe(pixels[3 * x]);
            pixels[(3 * x) + 2].ShouldBe(pixels[3 * x]);
        }
    }

    [Fact]
    public void Inverted_cmyk_becomes_rgb()
    {
        var image = ImageCodec.Decode(Convert.FromBase64String(JpegFiles.Cmyk), "x");

        (image.Width, image.Height).ShouldBe((16, 8));
        Near(image.Pixel(2, 4), [255, 0, 0]);
        Near(image.Pixel(13, 4), [100, 200, 200]);
    }

    [Fact]
    public void A_progressive_file_is_read()
    {
        var image = ImageCodec.Decode(Convert.FromBase64String(JpegFiles.Progressive), "x");
        Math.Abs(image.Pixel(12, 2)[0] - 192).ShouldBeLessThan(20);
    }

    [Fact]
    public void Every_shorter_file_is_cut_short_never_half_gray()
    {
        foreach (var file in new[] { ImageCodec.EncodeJpeg(TestImages.Ramp(40, 40), 90), Convert.FromBase64String(JpegFiles.Progressive) })
        {
            for (var length = 3; length < file.Length; length++)
                Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file.AsMemory(0, length), "x.jpg")).Message.ShouldContain("x.jpg: is cut short");
        }
    }

    [Fact]
    public void Pixels_that_are_missing_before_the_end_marker_are_an_error()
    {
        var file = ImageCodec.EncodeJpeg(TestImages.Noise(64, 64, seed: 4), 90);
        byte[] holed = [.. file[..(file.Length / 2)], 0xFF, 0xD9];

        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(holed, "x.jpg")).Message.ShouldContain("x.jpg: is a damaged JPEG");
    }

    [Fact]
    public void Stray_bytes_before_the_end_marker_harm_nothing()
    {
        var image = TestImages.Ramp(32, 32);
        var file = ImageCodec.EncodeJpeg(image, 95);
        byte[] padded = [.. file[..^2], 0, 0, 0, 0, 0, 0, 0, 0, .. file[^2..], 1, 2, 3];

        ImageCodec.Decode(padded, "x.jpg").Pixels.ShouldBe(ImageCodec.Decode(file, "x.jpg").Pixels);
    }

    [Fact]
    public void A_file_with_scan_after_scan_is_refused_before_it_is_decoded()
    {
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(WithScans(101, 64, 64), "x.jpg")).Message.ShouldBe("x.jpg: has more than 100 scans; a JPEG file has about ten");
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(WithScans(21, 16_000, 11_000, comment: 90_000), "x.jpg"))
            .Message.ShouldBe("x.jpg: has 21 scans of 16000x11000 pixels; at most 3579139400 pixels are read in all scans together");
    }

    [Fact]
    public void As_many_pixels_are_read_as_are_asked_for()
    {
        var file = ImageCodec.EncodeJpeg(TestImages.Ramp(16, 10), 90);

        ImageCodec.Decode(file, "x.jpg", mostPixels: 160).Width.ShouldBe(16);
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.jpg", mostPixels: 159)).Message.ShouldBe("x.jpg: its header says 16x10 pixels; at most 159 pixels are read");
    }

    [Fact]
    public void Huge_dimensions_are_refused_before_memory_is_taken()
    {
        var file = ImageCodec.EncodeJpeg(TestImages.Ramp(16, 16), 90);
        var frame = file.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        file.AsSpan(frame + 5, 4).Fill(0xFF);

        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.jpg")).Message.ShouldContain("65535x65535");
    }

    [Theory]
    [InlineData(1, 60, 40, "lr-tb")]
    [InlineData(2, 60, 40, "rl-tb")]
    [InlineData(3, 60, 40, "rl-bt")]
    [InlineData(4, 60, 40, "lr-bt")]
    [InlineData(5, 40, 60, "tb-lr")]
    [InlineData(6, 40, 60, "bt-lr")]
    [InlineData(7, 40, 60, "bt-rl")]
    [InlineData(8, 40, 60, "tb-rl")]
    public void The_orientation_in_the_exif_block_is_applied_as_OpenCV_does(byte orientation, int width, int height, string meaning)
    {
        // Red grows along the stored columns, green along the stored rows; the words say where each runs in the upright image: across, then down.
        var stored = ImageCodec.EncodeJpeg(TestImages.Ramp(60, 40), 98);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*\0\0\0\b"u8, 0, 1,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];

        byte[] turned = [.. stored[..2], .. exif, .. stored[2..]];
        var upright = ImageCodec.Decode(turned, "x.jpg");
        ImageCodec.ReadSize(turned, "x.jpg").ShouldBe((width, height));

        (upright.Width, upright.Height).ShouldBe((width, height));
        var columnsRunAcross = meaning.StartsWith("lr", StringComparison.Ordinal) || meaning.StartsWith("rl", StringComparison.Ordinal);
        var across = upright.Pixel(width - 5, height / 2)[columnsRunAcross ? 0 : 1] - upright.Pixel(4, height / 2)[columnsRunAcross ? 0 : 1];
        var down = upright.Pixel(width / 2, height - 5)[columnsRunAcross ? 1 : 0] - upright.Pixel(width / 2, 4)[columnsRunAcross ? 1 : 0];
        (across > 0).ShouldBe(meaning[..2] is "lr" or "tb");
        (down > 0).ShouldBe(meaning[3..] is "tb" or "lr");
    }

    [Fact]
    public void More_pixels_than_the_file_can_hold_are_refused_before_memory_is_taken()
    {
        var file = ImageCodec.EncodeJpeg(TestImages.Ramp(40, 40), 90);
        var frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0x30, 0, 0x30, 0);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.jpg")).Message.ShouldContain("12288x12288 pixels, more than its");

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public void A_blank_image_of_sixteen_megapixels_is_read()
    {
        var blank = ImageCodec.EncodeJpeg(new RgbImage(4000, 4000, new byte[48_000_000]), 50);

        ImageCodec.Decode(blank, "x.jpg").Width.ShouldBe(4000);
    }

    private static IEnumerable<int> Differences(RgbImage a, RgbImage b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y));

    private static void Near(byte[] actual, byte[] expected) => actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().ShouldBeLessThan(6);

    /// <summary>A progressive file of another size, with its first scan again and again.</summary>
    /// <param name="comment">Bytes of comments, so that the file is long enough for its size.</param>
    private static byte[] WithScans(int scans, int width, int height, int comment = 0)
    {
        var file = Convert.FromBase64String(JpegFiles.Progressive);
        var frame = file.AsSpan().IndexOf(new byte[] { 0xFF, 0xC2 });
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
        byte[] startOfScan = [0xFF, 0xDA];
        var first = file.AsSpan().IndexOf(startOfScan);
        var second = first + 2 + file.AsSpan(first + 2).IndexOf(startOfScan);
        var comments = Enumerable.Repeat((byte[])[0xFF, 0xFE, 0x7F, 0xFF, .. new byte[0x7FFD]], (comment + 0x7FFE) / 0x7FFF).SelectMany(segment => segment);
        return [.. file[..2], .. comments, .. file[2..first], .. Enumerable.Repeat(file[first..second], scans).SelectMany(scan => scan), 0xFF, 0xD9];
    }
}
