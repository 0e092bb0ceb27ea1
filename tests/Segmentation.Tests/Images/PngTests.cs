using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class PngTests
{
    private const int Gray = 0;
    private const int Rgb = 2;
    private const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int Rgba = 6;

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        var image = TestImages.Noise(61, 43, seed: 1);
        ImageCodec.Decode(ImageCodec.EncodePng(image), "x.png").Pixels.ShouldBe(image.Pixels);
    }

    [Fact]
    public void A_mask_is_written_as_black_and_white()
    {
        var (width, height, values) = ImageCodec.DecodeGray(ImageCodec.EncodeMaskPng(3, 2, [0, 1, 0, 7, 255, 0]), "mask.png");

        (width, height).ShouldBe((3, 2));
        values.ShouldBe([0, 255, 0, 255, 255, 0]);
    }

    [Fact]
    public void Alpha_is_dropped_without_touching_the_colours()
    {
        var file = PngBytes.Of(2, 1, 8, Rgba, [[200, 100, 50, 0, 10, 20, 30, 128]]);
        ImageCodec.Decode(file, "x").Pixels.ShouldBe([200, 100, 50, 10, 20, 30]);
    }

    [Fact]
    public void Gray_with_alpha_becomes_rgb_without_touching_the_gray()
    {
        var file = PngBytes.Of(2, 1, 8, GrayAlpha, [[77, 0, 200, 9]]);
        ImageCodec.Decode(file, "x").Pixels.ShouldBe([77, 77, 77, 200, 200, 200]);
    }

    [Fact]
    public void A_transparent_colour_stays_a_colour()
    {
        var file = PngBytes.Of(2, 1, 8, Rgb, [[1, 2, 3, 4, 5, 6]], ("tRNS", [0, 1, 0, 2, 0, 3]));
        ImageCodec.Decode(file, "x").Pixels.ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void A_gamma_chunk_changes_nothing()
    {
        var file = PngBytes.Of(2, 1, 8, Rgb, [[10, 60, 110, 160, 210, 250]], ("gAMA", [0, 1, 0x86, 0xA0]));
        ImageCodec.Decode(file, "x").Pixels.ShouldBe([10, 60, 110, 160, 210, 250]);
    }

    [Fact]
    public void Sixteen_bits_are_rounded_to_eight_and_taken_for_no_linear_light()
    {
        var file = PngBytes.Of(2, 1, 16, Rgb, [[10, 10, 60, 60, 110, 110, 160, 160, 210, 210, 250, 250]]);
        ImageCodec.Decode(file, "x").Pixels.ShouldBe([10, 60, 110, 160, 210, 250]);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000 }, new byte[] { 0, 255, 0 })]
    [InlineData(2, new byte[] { 0b0001_1000 }, new byte[] { 0, 85, 170 })]
    [InlineData(4, new byte[] { 0x0F, 0x10 }, new byte[] { 0, 255, 17 })]
    [InlineData(8, new byte[] { 0, 255, 17 }, new byte[] { 0, 255, 17 })]
    public void Gray_of_any_depth_is_stretched_to_a_byte(int depth, byte[] row, byte[] expected)
    {
        var file = PngBytes.Of(3, 1, depth, Gray, [row]);

        ImageCodec.DecodeGray(file, "x").Values.ShouldBe(expected);
        ImageCodec.Decode(file, "x").Pixels.ShouldBe(expected.SelectMany(value => Enumerable.Repeat(value, 3)));
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000 })]
    [InlineData(2, new byte[] { 0b0001_0000 })]
    [InlineData(4, new byte[] { 0x01, 0x00 })]
    [InlineData(8, new byte[] { 0, 1, 0 })]
    public void A_palette_gives_colours_to_an_image_and_indices_to_a_mask(int depth, byte[] row)
    {
        var file = PngBytes.Of(3, 1, depth, Palette, [row], ("PLTE", [0, 0, 0, 128, 20, 40]));

        ImageCodec.Decode(file, "x").Pixels.ShouldBe([0, 0, 0, 128, 20, 40, 0, 0, 0]);
        ImageCodec.DecodeGray(file, "x").Values.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void A_colour_mask_is_read_by_its_luma()
    {
        var file = PngBytes.Of(3, 1, 8, Rgb, [[0, 0, 0, 255, 255, 255, 255, 0, 0]]);
        ImageCodec.DecodeGray(file, "x").Values.ShouldBe([0, 255, 76]);
    }

    [Fact]
    public void A_mask_of_sixteen_bits_is_refused_since_its_small_values_would_vanish()
    {
        var file = PngBytes.Of(1, 1, 16, Gray, [[0, 1]]);
        Should.Throw<InvalidDataException>(() => ImageCodec.DecodeGray(file, "m.png")).Message.ShouldContain("m.png: has 16 bits");
    }

    [Fact]
    public void Every_shorter_file_is_cut_short()
    {
        var file = ImageCodec.EncodePng(TestImages.Noise(9, 7, seed: 2));
        for (var length = 8; length < file.Length; length++)
            Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file.AsMemory(0, length), "x.png")).Message.ShouldContain("x.png: is cut short");
    }

    [Fact]
    public void Pixels_that_are_missing_from_the_stream_are_an_error()
    {
        var file = new PngBytes().Header(4, 4, 8, Rgb).Chunk("IDAT", PngBytes.Deflate(new byte[13])).Chunk("IEND", []).ToArray();
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.png")).Message.ShouldContain("x.png: is a damaged PNG");
    }

    [Fact]
    public void A_flipped_bit_in_the_pixels_is_an_error()
    {
        var file = ImageCodec.EncodePng(TestImages.Noise(30, 30, seed: 3));
        file[file.Length / 2] ^= 4;
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.png")).Message.ShouldContain("x.png: is a damaged PNG");
    }

    [Theory]
    [InlineData("zTXt", "Comment")]
    [InlineData("iCCP", "profile")]
    public void A_bomb_beside_the_pixels_is_never_handed_on(string type, string keyword)
    {
        byte[] bomb = [.. System.Text.Encoding.ASCII.GetBytes(keyword), 0, 0, .. PngBytes.Deflate(new byte[100_000_000])];
        var file = PngBytes.Of(2, 1, 8, Rgb, [[1, 2, 3, 4, 5, 6]], (type, bomb));

        ImageCodec.Decode(file, "x.png").Pixels.ShouldBe([1, 2, 3, 4, 5, 6]);

        PngFile.Read(file, "x.png", ImageCodec.MaxPixels).Plain().Length.ShouldBeLessThan(100);
    }

    [Fact]
    public void As_many_pixels_are_read_as_are_asked_for_in_images_and_masks()
    {
        var file = ImageCodec.EncodePng(TestImages.Ramp(16, 10));

        ImageCodec.DecodeGray(file, "x.png", mostPixels: 160).Width.ShouldBe(16);
        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.png", mostPixels: 159)).Message.ShouldContain("at most 159 pixels are read");
        Should.Throw<InvalidDataException>(() => ImageCodec.DecodeGray(file, "x.png", mostPixels: 159)).Message.ShouldContain("at most 159 pixels are read");
    }

    [Fact]
    public void A_header_of_two_billion_pixels_is_refused_before_memory_is_taken()
    {
        var file = new PngBytes().Header(50_000, 50_000, 8, Rgb).Chunk("IDAT", []).Chunk("IEND", []).ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.png")).Message.ShouldContain("50000x50000");

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(10_000_000);
    }

    [Theory]
    [InlineData(8, Gray)]
    [InlineData(1, Gray)]
    [InlineData(16, Rgb)]
    [InlineData(8, 3)]
    public void More_pixels_than_the_image_data_can_hold_are_refused_before_memory_is_taken(int depth, int colorType)
    {
        var file = new PngBytes().Header(13_000, 13_000, depth, colorType).Chunk("IDAT", PngBytes.Deflate(new byte[1000])).Chunk("IEND", []).ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Should.Throw<InvalidDataException>(() => ImageCodec.Decode(file, "x.png")).Message.ShouldContain("13000x13000 pixels, more than its");

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public void A_blank_image_that_deflate_makes_as_small_as_it_can_is_read()
    {
        var rows = Enumerable.Repeat(new byte[500], 4000).ToArray();

        ImageCodec.DecodeGray(PngBytes.Of(4000, 4000, 1, Gray, rows), "x.png").Values.Length.ShouldBe(16_000_000);
    }
}
