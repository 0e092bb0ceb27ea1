using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class PilResizeTests
{
    private static readonly GoldenFile Golden = new("preprocess");

    public static TheoryData<string> Resized => [.. Golden.Names.Where(name => name.Contains(".resized.", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Resized))]
    public void A_bilinear_resize_equals_Pillows_byte_for_byte(string name)
    {
        var shape = Golden.Shape(name);
        var image = Golden.Image("image." + name.Split('.')[^1]);

        var resized = PilResize.Resize(image, shape[1], shape[0], PilFilter.Bilinear);

        resized.Pixels.ShouldBe(Golden.Values<byte>(name));
    }

    [Fact]
    public void A_photo_for_SAM_equals_Pillows_byte_for_byte()
    {
        var golden = new GoldenFile("lisa");
        var shape = golden.Shape("sam_resized_u8");

        PilResize.Resize(golden.Image("image_u8"), shape[1], shape[0], PilFilter.Bilinear).Pixels.ShouldBe(golden.Values<byte>("sam_resized_u8"));
    }

    [Theory]
    [InlineData(PilFilter.Bilinear)]
    [InlineData(PilFilter.Bicubic)]
    public void An_even_colour_stays_what_it_is(PilFilter filter)
    {
        var image = new RgbImage(37, 53, [.. Enumerable.Repeat(new byte[] { 3, 254, 128 }, 37 * 53).SelectMany(pixel => pixel)]);

        foreach (var (width, height) in new[] { (5, 7), (53, 37), (200, 53), (37, 1) })
        {
            var resized = PilResize.Resize(image, width, height, filter);
            resized.Pixels.Chunk(3).ShouldAllBe(pixel => pixel[0] == 3 && pixel[1] == 254 && pixel[2] == 128);
        }
    }

    [Fact]
    public void An_overshooting_cubic_is_clipped_not_wrapped()
    {
        var image = new RgbImage(8, 1, [.. Enumerable.Range(0, 8).SelectMany(x => Enumerable.Repeat((byte)(x < 4 ? 0 : 255), 3))]);

        var row = PilResize.Resize(image, 32, 1, PilFilter.Bicubic).Pixels.Where((_, i) => i % 3 == 0).ToArray();

        row[..12].ShouldAllBe(value => value == 0);
        row[20..].ShouldAllBe(value => value == 255);
    }

    [Fact]
    public void A_size_that_stays_costs_no_copy()
    {
        var image = Golden.Image("image.0");
        PilResize.Resize(image, image.Width, image.Height, PilFilter.Bicubic).ShouldBeSameAs(image);
    }

    [Fact]
    public void An_impossible_size_is_refused()
    {
        var image = Golden.Image("image.0");
        Should.Throw<ArgumentOutOfRangeException>(() => PilResize.Resize(image, 0, 5, PilFilter.Bilinear));
        Should.Throw<ArgumentOutOfRangeException>(() => PilResize.Resize(image, 100_000, 100_000, PilFilter.Bilinear));
    }
}
