using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class ImageCodecTests
{
    [Fact]
    public void The_content_tells_the_format_not_the_name()
    {
        var image = TestImages.Ramp(20, 10);

        ImageCodec.Decode(ImageCodec.EncodePng(image), "photo.jpg").Pixels.ShouldBe(image.Pixels);
        ImageCodec.Decode(ImageCodec.EncodeJpeg(image, 90), "photo.png").Width.ShouldBe(20);
    }

    [Fact]
    public void An_empty_file_is_called_empty() =>
        Fault([]).ShouldBe("photo.jpg: is empty (0 bytes)");

    [Fact]
    public void Another_format_is_named_by_its_first_bytes() =>
        Fault("GIF89a......"u8.ToArray()).ShouldBe("photo.jpg: is neither JPEG nor PNG (it starts with 4749463839612E2E)");

    [Fact]
    public void A_file_of_three_bytes_is_cut_short() =>
        Fault([0xFF, 0xD8, 0xFF]).ShouldContain("cut short");

    [Fact]
    public void A_mask_cannot_be_a_jpeg()
    {
        var jpeg = ImageCodec.EncodeJpeg(TestImages.Ramp(8, 8), 90);
        Should.Throw<InvalidDataException>(() => ImageCodec.DecodeGray(jpeg, "m.png")).Message.ShouldContain("m.png: is a JPEG");
    }

    [Fact]
    public void Pixels_that_do_not_fill_the_image_are_refused() =>
        Should.Throw<ArgumentException>(() => new RgbImage(2, 2, new byte[11])).Message.ShouldContain("12");

    [Fact]
    public void A_mask_that_does_not_fill_its_size_is_refused() =>
        Should.Throw<ArgumentException>(() => ImageCodec.EncodeMaskPng(3, 3, new byte[8]));

    private static string Fault(byte[] file) => Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "photo.jpg")).Message;
}
