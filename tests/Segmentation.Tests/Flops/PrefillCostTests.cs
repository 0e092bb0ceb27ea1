using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Segmentation.Tests.Flops;

public sealed class PrefillCostTests
{
    private const double MiB = 1024 * 1024;
    private static readonly ModelProfile Lisa = ModelProfiles.Find("lisa-7b");

    [Theory]
    [InlineData("llava-1.5-7b", "none", 576, 3.817)]
    [InlineData("llava-1.5-7b", "fastv:layer=2,keep=0.5", 306, 2.007)]
    [InlineData("llava-1.5-7b", "fastv:layer=2,keep=0.25", 171, 1.118)]
    [InlineData("llava-1.5-7b", "fastv:layer=2,keep=0.1", 90.375, 0.592)]
    [InlineData("llava-next-7b", "none", 2880, 20.825)]
    [InlineData("llava-next-7b", "fastv:layer=2,keep=0.5", 1530, 10.554)]
    [InlineData("llava-1.5-7b", "pyramiddrop", 270, 1.777)]
    [InlineData("llava-1.5-7b", "pyramiddrop:boundaries=2/4/8,ratios=0.5/0.25/0.125", 126, 0.824)]
    [InlineData("llava-1.5-7b", "pyramiddrop:boundaries=8/16/24,ratios=0.3/0.15/0.1", 222.75, 1.467)]
    [InlineData("llava-1.5-7b", "pyramiddrop:boundaries=10/20,ratios=0.5/0.25", 324, 2.134)]
    [InlineData("llava-next-7b", "pyramiddrop", 1350, 9.465)]
    [InlineData("lisa-13b", "pyramiddrop", 120, 1.531)]
    [InlineData("omg-llava-7b", "none", 256, 1.804)]
    [InlineData("lisa-13b", "none", 256, 3.275)]
    public void A_variant_costs_what_its_tokens_per_layer_cost(string model, string variant, double average, double tera)
    {
        var cost = Cost(ModelProfiles.Find(model), variant, 0, FlopsConvention.PyramidDrop);
        cost.AverageVisualTokens.ShouldBe(average);
        (cost.Flops / 1e12).ShouldBe(tera, 0.0005);
    }

    [Theory]
    [InlineData("llava-1.5-7b", "none", 99.328)]
    [InlineData("llava-1.5-13b", "none", 154.642)]
    [InlineData("llava-1.5-13b", "fastv:layer=2,count=144", 50.184)]
    [InlineData("llava-1.5-13b", "fastv:layer=3,count=288", 86.443)]
    public void FastVs_convention_adds_36_system_tokens_and_gives_the_mean_layer(string model, string variant, double giga)
    {
        FlopsConvention.FastV.TextTokens.ShouldBe(36);
        (Cost(ModelProfiles.Find(model), variant, FlopsConvention.FastV.TextTokens, FlopsConvention.FastV).FlopsPerLayer / 1e9).ShouldBe(giga, 0.0005);
    }

    [Fact]
    public void A_model_may_be_asked_about_another_number_of_visual_tokens()
    {
        var video = ModelProfiles.Find("llava-1.5-7b").WithVisualTokens(2048);
        (Cost(video, "none", 0, FlopsConvention.PyramidDrop).Flops / 1e12).ShouldBe(14.362, 0.0005);
        (Cost(video, "fastv:layer=2,keep=0.5", 0, FlopsConvention.PyramidDrop).Flops / 1e12).ShouldBe(7.372, 0.0005);
        Lisa.WithVisualTokens(144).Shape.GridHeight.ShouldBe(12);
        Lisa.WithVisualTokens(160).Shape.GridWidth.ShouldBe(16);
        Lisa.WithVisualTokens(7).Shape.VisualTokens.ShouldBe(7);
    }

    [Fact]
    public void A_cached_token_takes_half_a_mebibyte_in_7B_and_a_quarter_of_that_with_grouped_keys()
    {
        Cost(Lisa, "none", 0, FlopsConvention.PyramidDrop).KeyValueCacheBytes.ShouldBe((long)(256 * 0.5 * MiB));
        Cost(Lisa, "none", 44, FlopsConvention.PyramidDrop).KeyValueCacheBytes.ShouldBe((long)(300 * 0.5 * MiB));
        Cost(Lisa, "fastv:layer=2,keep=0.5", 0, FlopsConvention.PyramidDrop).KeyValueCacheBytes.ShouldBe((long)(136 * 0.5 * MiB));
        Cost(ModelProfiles.Find("lisa-13b"), "none", 0, FlopsConvention.PyramidDrop).KeyValueCacheBytes.ShouldBe((long)(256 * 0.78125 * MiB));
        Cost(ModelProfiles.Find("omg-llava-7b"), "none", 0, FlopsConvention.PyramidDrop).KeyValueCacheBytes.ShouldBe((long)(256 * 0.125 * MiB));
    }

    [Fact]
    public void Activations_peak_in_the_longest_layer_in_attention_or_feed_forward_whichever_is_larger()
    {
        var shape = Lisa.Shape with { Layers = 2, HiddenSize = 8, IntermediateSize = 16, Heads = 2, KeyValueHeads = 1 };
        PrefillMemory.PeakActivations(shape, [3, 10], 2).ShouldBe((6 * 10 * 8 * 2) + (2 * 10 * 4 * 2) + (2 * 100 * 8));
        PrefillMemory.PeakActivations(shape, [3, 10], 4).ShouldBe((6 * 10 * 8 * 4) + (2 * 10 * 4 * 4) + (2 * 100 * 8));
        PrefillMemory.PeakActivations(shape, [3, 2], 2).ShouldBe((6 * 3 * 8 * 2) + (2 * 3 * 16 * 2));
    }

    [Fact]
    public void Full_counts_two_flops_for_a_multiply_add_of_every_network()
    {
        var cost = Cost(Lisa, "none", 64, FlopsConvention.Full);
        cost.Parts.Select(part => part.Name).ShouldBe(["mask encoder", "decoder layers", "vision tower", "mask decoder", "projector", "output head"]);
        Part(cost, "decoder layers").ShouldBe(2 * 32 * FlopsConvention.PyramidDrop.Layer(Lisa.Shape, 320));
        Part(cost, "output head").ShouldBe(2.0 * 4096 * 32004);
        Part(cost, "projector").ShouldBe(2.0 * 256 * 1024 * 4096);
        Cost(ModelProfiles.Find("llava-1.5-7b"), "none", 64, FlopsConvention.Full).Parts.Select(part => part.Name)
            .ShouldBe(["decoder layers", "vision tower", "projector", "output head"]);
        Cost(ModelProfiles.Find("omg-llava-7b"), "none", 64, FlopsConvention.Full).Parts.ShouldContain(part => part.Name == "mask decoder");
    }

    [Fact]
    public void Full_counts_what_ranking_costs()
    {
        const double Tokens = 256 + 64, Width = 4096;
        Part(Cost(Lisa, "fastv:layer=2,keep=0.5", 64, FlopsConvention.Full), "ranking").ShouldBe(2 * Tokens * Width);
        Cost(Lisa, "uniform:keep=0.5", 64, FlopsConvention.Full).Parts.ShouldNotContain(part => part.Name == "ranking");

        Part(Cost(Lisa, "pyramiddrop:boundaries=8/16,ratios=0.5/0.25", 64, FlopsConvention.Full), "ranking").ShouldBe(2 * (Next(256 + 64) + Next(128 + 64)));

        static double Next(double tokens) => (2 * tokens * Width) + (tokens * Width * Width) + (Width * Width) + (tokens * Width);
    }

    [Fact]
    public void The_networks_around_the_language_model_cost_what_is_published()
    {
        // arXiv 2402.05008: 2973 GMACs for SAM ViT-H, without the products with relative positions.
        const double RelativePositions = (4.0 * 4096 * 128 * 1280) + (28.0 * 4900 * 28 * 1280);
        ((Lisa.MaskEncoder - RelativePositions) / 1e9).ShouldBe(2973, 0.5);

        // arXiv 2201.03545: 34.4 GMACs for ConvNeXt-L at 224.
        var convNext = new OmgSegSize
        {
            ImageSize = 224,
            Widths = [192, 384, 768, 1536],
            Depths = [3, 3, 27, 3],
            Channels = 256,
            PixelLayers = 6,
            PixelFeedForward = 1024,
            Heads = 8,
            Points = 4,
            Queries = 300,
            QueryLayers = 9,
            QueryFeedForward = 2048,
        };
        (convNext.BackboneMultiplyAdds / 1e9).ShouldBe(34.4, 0.05);
    }

    private static double Part(PrefillCost cost, string name) => cost.Parts.Single(part => part.Name == name).Flops;

    private static PrefillCost Cost(ModelProfile model, string variant, int text, FlopsConvention convention) =>
        PrefillCost.Of(model, PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog(), model.Shape)).Plan(model.Shape), text, convention);
}
