using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class SlicOptionsTests
{
    private static readonly RgbImage Image = TestMaps.Constant(8, 8, 1);

    public static TheoryData<string, SlicOptions> Hostile =>
    [
        (nameof(SlicOptions.Segments), new() { Segments = 0 }),
        (nameof(SlicOptions.Segments), new() { Segments = -5 }),
        (nameof(SlicOptions.Compactness), new() { Compactness = 0 }),
        (nameof(SlicOptions.Compactness), new() { Compactness = -1 }),
        (nameof(SlicOptions.Compactness), new() { Compactness = double.NaN }),
        (nameof(SlicOptions.Compactness), new() { Compactness = double.PositiveInfinity }),
        (nameof(SlicOptions.Compactness), new() { Compactness = 1e-4, Mode = SlicMode.Fast }),
        (nameof(SlicOptions.MaxIterations), new() { MaxIterations = 0 }),
        (nameof(SlicOptions.Sigma), new() { Sigma = -0.5 }),
        (nameof(SlicOptions.Sigma), new() { Sigma = double.NaN }),
        (nameof(SlicOptions.Sigma), new() { Sigma = 1e9 }),
        (nameof(SlicOptions.Sigma), new() { Sigma = 1, Mode = SlicMode.Fast }),
        (nameof(SlicOptions.SpacingY), new() { SpacingY = 0 }),
        (nameof(SlicOptions.SpacingX), new() { SpacingX = 2, Mode = SlicMode.Fast }),
        (nameof(SlicOptions.MinSizeFactor), new() { MinSizeFactor = -1 }),
        (nameof(SlicOptions.MaxSizeFactor), new() { MaxSizeFactor = double.NaN }),
        (nameof(SlicOptions.SlicZero), new() { SlicZero = true, Mode = SlicMode.Fast }),
        (nameof(SlicOptions.StartLabel), new() { StartLabel = 2 }),
        (nameof(SlicOptions.Mode), new() { Mode = (SlicMode)7 }),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_option_is_refused_by_name(string option, SlicOptions options) =>
        Should.Throw<ArgumentException>(() => Slic.Segment(Image, options)).Message.ShouldContain(option);

    [Fact]
    public void A_range_is_told() =>
        Should.Throw<ArgumentException>(() => Slic.Segment(Image, new() { Sigma = 101 })).Message.ShouldContain("Sigma from 0 to 100");

    [Fact]
    public void A_gray_image_of_the_wrong_length_is_refused() =>
        Should.Throw<ArgumentException>(() => Slic.SegmentGray(4, 3, new byte[13], new())).Message.ShouldContain("has 12 samples, not 13");

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(-1, 3)]
    public void An_empty_gray_image_is_refused(int width, int height) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Slic.SegmentGray(width, height, [], new()));

    [Fact]
    public void An_image_of_too_many_pixels_is_refused_before_it_takes_memory() =>
        Should.Throw<ArgumentException>(() => Slic.SegmentGray(Slic.MostPixels + 1, 1, new byte[Slic.MostPixels + 1], new())).Message.ShouldContain("resize");

    [Fact]
    public void Extreme_factors_do_not_overflow()
    {
        var map = Slic.Segment(TestMaps.Noise(new Random(1), 30, 30), new() { Segments = 9, MinSizeFactor = 1e9, MaxSizeFactor = 1e9 });
        map.Regions.ShouldBe(1);
    }
}
