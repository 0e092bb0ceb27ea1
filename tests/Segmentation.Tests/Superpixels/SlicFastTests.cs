using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pipeline.Segmentation.Superpixels;
using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class SlicFastTests
{
    /// <summary>Far more than libraries' powers and cube roots differ by, scaled.</summary>
    private const double Margin = 1e-9;

    [Fact]
    public void Label_maps_are_the_same_bits_on_every_machine()
    {
        var map = Slic.Segment(TestMaps.Scene(0), new SlicOptions { Segments = 64, Mode = SlicMode.Fast });
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(map.Labels))).ShouldBe("db9ff55af5d6d506d0d99cbaf89c1d64c7bace5654a394e47ca5f02fde864ee8");
    }

    [Fact]
    public void No_entry_of_the_colour_tables_lies_near_a_tie()
    {
        var shares =
            from range in Enumerable.Range(1, 255)
            from value in Enumerable.Range(0, range + 1)
            from entry in Enumerable.Range(0, 9)
            select FastColors.Share(entry / 3, entry % 3, value, range);
        var lightnesses = Enumerable.Range(0, 1 << 16).Select(FastColors.Lightness);
        shares.Concat(lightnesses).Min(entry => Math.Abs(entry - Math.Floor(entry) - 0.5)).ShouldBeGreaterThan(Margin);
    }

    [Theory]
    [InlineData(0, 255)]
    [InlineData(40, 190)]
    [InlineData(7, 8)]
    public void Colours_are_close_to_those_of_float64(byte least, byte greatest)
    {
        const int Side = 64;
        var random = new Random(least);
        byte[] samples = [least, greatest, .. Enumerable.Range(0, (Side * Side * 3) - 2).Select(_ => (byte)random.Next(least, greatest + 1))];
        var exact = ColorPlanes.Stretched(samples, Side, Side, 3);
        CieLab.Convert(exact);
        var (fast, unit) = FastColors.Of(samples, Side, Side, 3, toLab: true);
        for (var i = 0; i < Side * Side; i++)
        {
            (fast.Row(0, i / Side)[i % Side] / unit - 16).ShouldBe((float)exact.Channels[0][i], 0.05f);
            (fast.Row(1, i / Side)[i % Side] / unit).ShouldBe((float)exact.Channels[1][i], 0.2f);
            (fast.Row(2, i / Side)[i % Side] / unit).ShouldBe((float)exact.Channels[2][i], 0.1f);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Scenes_are_cut_nearly_as_exactly(int scene) => Compare(TestMaps.Scene(scene), 64, 0.1, 0.94);

    [Theory]
    [InlineData("image.0")]
    [InlineData("image.1")]
    [InlineData("image.2")]
    public void Golden_images_are_cut_nearly_as_exactly(string image) => Compare(new GoldenFile("slic").Image(image), 64, 0.1, 0.95);

    [Fact]
    public void Large_images_of_which_rounds_see_a_sample_are_cut_nearly_as_exactly() => Compare(TestMaps.Scene(1, 700), 64, 0.12, 0.85);

    private static void Compare(Segmentation.Images.RgbImage image, int segments, double mostError, double leastRecall)
    {
        var options = new SlicOptions { Segments = segments };
        var exact = Slic.Segment(image, options);
        var fast = Slic.Segment(image, options with { Mode = SlicMode.Fast });
        RegionAgreement.UnderSegmentationError(fast, exact).ShouldBeLessThan(mostError);
        RegionAgreement.BoundaryRecall(fast, exact).ShouldBeGreaterThan(leastRecall);
    }
}
