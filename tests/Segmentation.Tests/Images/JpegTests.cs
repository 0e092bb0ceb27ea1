using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class JpegTests
{
    // 16x8 in Adobe's inverted CMYK, four components: left half (255, 0, 0, 255), right half (128, 255, 255, 200).
    private const string Cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwECAgICAgIFAwMFCgcGBwoKCgoKCg"
        + "oKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMF"
        + "BQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZ"
        + "qio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQEAAECdwAB"
        + "AgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6"
        + "ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/aAA4EAQACEQMRBAAAPwD7Mr+rD/n/AD9/K/nLr/P8/wCvw+I6/9k=";

    // 16x8, one component, gray 16·x.
    private const string Gray =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAIABABAREA/8QAHwAAAQUBAQ"
        + "EBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
        + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APzf/wCCbf8Ay4"
        + "f8Br+gD/gm3/y4f8Br/9k=";

    // 16x8, progressive, red 16·x, green 32·y, blue 128.
    internal const string Progressive =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFB"
        + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBf/a"
        + "AAwDAQACEAMQAAABlrMFI//EABYQAAMAAAAAAAAAAAAAAAAAAAAEBv/aAAgBAQABBQJSVFJU/8QAGREAAQUAAAAAAAAAAAAAAAAAAAQFBiEi/9oACAEDAQE/AY28LK0f/8QAFxEBAAMAAAAAAAAAAA"
        + "AAAAAABAAFUv/aAAgBAgEBPwFlmnU//8QAFRABAQAAAAAAAAAAAAAAAAAAADL/2gAIAQEABj8ChD//xAAWEAADAAAAAAAAAAAAAAAAAAAAMcH/2gAIAQEAAT8hTAmD/9oADAMBAAIAAwAAABAL/8QA"
        + "FxEAAwEAAAAAAAAAAAAAAAAAADGR8P/aAAgBAwEBPxCbzP/EABURAQEAAAAAAAAAAAAAAAAAAAAh/9oACAECAQE/ELz/xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/EBjP/9k=";

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
        var pixels = ImageCodec.Decode(Convert.FromBase64String(Gray), "x").Pixels;

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
        var image = ImageCodec.Decode(Convert.FromBase64String(Cmyk), "x");

        (image.Width, image.Height).ShouldBe((16, 8));
        Near(image.Pixel(2, 4), [255, 0, 0]);
        Near(image.Pixel(13, 4), [100, 200, 200]);
    }

    [Fact]
    public void A_progressive_file_is_read()
    {
        var image = ImageCodec.Decode(Convert.FromBase64String(Progressive), "x");
        Math.Abs(image.Pixel(12, 2)[0] - 192).ShouldBeLessThan(20);
    }

    [Fact]
    public void Every_shorter_file_is_cut_short_never_half_gray()
    {
        foreach (var file in new[] { ImageCodec.EncodeJpeg(TestImages.Ramp(40, 40), 90), Convert.FromBase64String(Progressive) })
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

    private static IEnumerable<int> Differences(RgbImage a, RgbImage b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y));

    private static void Near(byte[] actual, byte[] expected) => actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().ShouldBeLessThan(6);
}
