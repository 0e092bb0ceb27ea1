using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Superpixels;
using Pipeline.Segmentation.Tests.Lisa;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class ImageEvidenceTests
{
    private static readonly SlicOptions Options = new() { Segments = 12, Mode = SlicMode.Fast, StartLabel = 0 };

    [Fact]
    public void Superpixels_are_computed_once_for_equal_options()
    {
        using var evidence = GridBatch.Evidence(TinyLisa.Image(1, 64, 48));
        var first = evidence.Superpixels(Options);

        evidence.Superpixels(Options with { }).ShouldBeSameAs(first);
        evidence.Regions(Options, 6, 8).ShouldBeSameAs(evidence.Regions(Options with { }, 6, 8));
        evidence.Superpixels(Options with { Compactness = 1 }).ShouldNotBeSameAs(first);
        evidence.Regions(Options, 3, 4).ShouldNotBeSameAs(evidence.Regions(Options, 6, 8));
    }

    [Fact]
    public void The_class_token_is_asked_once_and_only_on_demand()
    {
        var asked = 0;
        var before = GoldenLlama.LiveTensors;
        using (var evidence = new ImageEvidence(7)
        {
            AttendFromClass = () =>
            {
                asked++;
                return ones([1, 4]);
            },
        })
        {
            asked.ShouldBe(0);
            using (NewDisposeScope()) evidence.ClassAttention();
            evidence.ClassAttention().sum().item<float>().ShouldBe(4);
            asked.ShouldBe(1);
        }

        GC.Collect();
        GoldenLlama.LiveTensors.ShouldBeInRange(before, before + 1);
    }

    [Fact]
    public void Regions_hold_every_token_once_in_raster_order()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            using var evidence = GridBatch.Evidence(TinyLisa.Image(seed, 70, 50));
            var regions = evidence.Regions(Options, 5, 7);

            regions.SelectMany(region => region).Order().ShouldBe(Enumerable.Range(0, 35));
            regions.ShouldAllBe(region => region.Count > 0 && region.SequenceEqual(region.Order()));
        }
    }

    [Fact]
    public void A_token_belongs_to_the_half_of_the_image_it_lies_in()
    {
        var pixels = new byte[32 * 16 * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 3 % 32 < 16 ? 0 : 255);
        using var evidence = GridBatch.Evidence(new RgbImage(32, 16, pixels));

        var regions = evidence.Regions(Options with { Segments = 2 }, 2, 4);

        regions.Select(region => region.ToArray()).ShouldBe([[0, 1, 4, 5], [2, 3, 6, 7]]);
    }

    [Fact]
    public void What_an_image_does_not_have_is_said()
    {
        using var evidence = new ImageEvidence(7);

        Should.Throw<InvalidOperationException>(() => evidence.Superpixels(Options)).Message.ShouldContain("image");
        Should.Throw<InvalidOperationException>(evidence.ClassAttention).Message.ShouldContain("'cls'");
    }
}
