using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Tests.Superpixels;

/// <summary>What holds in both modes.</summary>
public sealed class SlicTests
{
    public static TheoryData<SlicMode, int> ModesAndSeeds => [.. from mode in Enum.GetValues<SlicMode>() from seed in Enumerable.Range(1, 12) select (mode, seed)];

    public static TheoryData<SlicMode> Modes => [.. Enum.GetValues<SlicMode>()];

    [Theory]
    [MemberData(nameof(ModesAndSeeds))]
    public void Every_region_is_one_piece_and_labels_have_no_gaps(SlicMode mode, int seed)
    {
        var (image, options) = Random(seed, mode);
        var map = Slic.Segment(image, options);
        TestMaps.Pieces(map).ShouldBe(map.Regions);
        map.Labels.Distinct().Order().ShouldBe(Enumerable.Range(options.StartLabel, map.Regions));
    }

    [Theory]
    [MemberData(nameof(ModesAndSeeds))]
    public void Labels_are_given_in_raster_order_of_first_pixels(SlicMode mode, int seed)
    {
        var (image, options) = Random(seed, mode);
        Slic.Segment(image, options).Labels.Distinct().ShouldBeInOrder();
    }

    [Theory]
    [MemberData(nameof(ModesAndSeeds))]
    public void The_same_image_gives_the_same_map_whatever_was_cut_before(SlicMode mode, int seed)
    {
        var (image, options) = Random(seed, mode);
        var first = Slic.Segment(image, options);
        Slic.Segment(TestMaps.Noise(new Random(seed), 70, 50), options);
        Slic.Segment(image, options).Labels.ShouldBe(first.Labels);
    }

    [Theory]
    [MemberData(nameof(ModesAndSeeds))]
    public void Without_connectivity_labels_are_those_of_seeds(SlicMode mode, int seed)
    {
        var (image, options) = Random(seed, mode);
        var map = Slic.Segment(image, options with { EnforceConnectivity = false, StartLabel = 0 });
        var seeds = SeedGrid.Of(image.Height, image.Width, options.Segments).Seeds;
        map.Labels.ShouldAllBe(label => label >= 0 && label < seeds);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_constant_image_is_cut_into_squares(SlicMode mode)
    {
        var map = Slic.Segment(TestMaps.Constant(96, 128, 90), new SlicOptions { Segments = 12, Mode = mode });
        map.Regions.ShouldBe(12);
        map.Labels.CountBy(label => label).ShouldAllBe(region => region.Value > 850 && region.Value < 1200);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Two_halves_of_different_colour_are_not_mixed(SlicMode mode)
    {
        var pixels = Enumerable.Range(0, 60 * 90 * 3).Select(i => (byte)(i / 3 % 90 < 41 ? 20 : 230)).ToArray();
        var map = Slic.Segment(new RgbImage(90, 60, pixels), new SlicOptions { Segments = 24, Mode = mode });
        var sides = Enumerable.Range(0, 60 * 90).Select(i => (Label: map.Labels[i], Left: i % 90 < 41)).Distinct();
        sides.CountBy(side => side.Label).ShouldAllBe(region => region.Value == 1);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Thin_and_tiny_images_are_cut(SlicMode mode)
    {
        var random = new Random(3);
        foreach (var (height, width) in new[] { (1, 1), (1, 2), (1, 400), (400, 1), (2, 300), (3, 3), (7, 8), (9, 17), (33, 5) })
        {
            foreach (var segments in new[] { 1, 2, 7, 64, int.MaxValue })
            {
                foreach (var connected in new[] { true, false })
                {
                    var options = new SlicOptions { Segments = segments, EnforceConnectivity = connected, Mode = mode };
                    var map = Slic.Segment(TestMaps.Noise(random, height, width), options);
                    map.Labels.ShouldAllBe(label => label >= 1 && label <= height * width);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Gray_images_are_cut_like_their_values(SlicMode mode)
    {
        var values = Enumerable.Range(0, 40 * 40).Select(i => (byte)(i % 40 < 23 ? 10 : 200)).ToArray();
        var map = Slic.SegmentGray(40, 40, values, new SlicOptions { Segments = 9, Compactness = 0.1, Mode = mode });
        map.Labels.Zip(values).Distinct().CountBy(pair => pair.First).ShouldAllBe(region => region.Value == 1);
    }

    private static (RgbImage Image, SlicOptions Options) Random(int seed, SlicMode mode)
    {
        var random = new Random(seed);
        var (height, width) = (random.Next(20, 150), random.Next(20, 150));
        var image = seed % 2 == 0 ? TestMaps.Noise(random, height, width) : TestMaps.Blobs(random, height, width);
        return (image, new SlicOptions
        {
            Segments = random.Next(1, 120),
            Compactness = Math.Pow(10, random.NextDouble() * 3) / 10,
            MaxIterations = random.Next(1, 12),
            MinSizeFactor = random.NextDouble(),
            MaxSizeFactor = 1 + (random.NextDouble() * 4),
            ConvertToLab = random.Next(4) > 0,
            StartLabel = random.Next(2),
            Mode = mode,
        });
    }
}
