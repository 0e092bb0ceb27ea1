using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;

namespace Pipeline.Segmentation.Tests.Flops;

public sealed class FlopsConventionTests
{
    private static readonly ModelShape Model = new()
    {
        Architecture = "llama",
        Layers = 1,
        HiddenSize = 8,
        IntermediateSize = 16,
        Heads = 2,
        KeyValueHeads = 2,
        VocabularySize = 100,
        GridHeight = 2,
        GridWidth = 2,
    };

    [Fact]
    public void A_layer_is_counted_as_the_formula_of_each_paper_says()
    {
        const double Projections = 4 * 10 * 64, Attention = 2 * 100 * 8, Matrix = 10 * 8 * 16;
        FlopsConvention.FastV.Layer(Model, 10).ShouldBe(Projections + Attention + (2 * Matrix));
        FlopsConvention.PyramidDrop.Layer(Model, 10).ShouldBe(Projections + Attention + (3 * Matrix));
        FlopsConvention.Full.Layer(Model, 10).ShouldBe(2 * (Projections + Attention + (3 * Matrix)));
    }

    [Fact]
    public void PyramidDrop_counts_visual_tokens_and_the_others_all_of_them()
    {
        FlopsConvention.PyramidDrop.Total(Model, [10], [4]).ShouldBe(FlopsConvention.PyramidDrop.Layer(Model, 4));
        FlopsConvention.FastV.Total(Model, [10], [4]).ShouldBe(FlopsConvention.FastV.Layer(Model, 10));
        FlopsConvention.Full.Total(Model, [10], [4]).ShouldBe(FlopsConvention.Full.Layer(Model, 10));
    }

    [Fact]
    public void Grouped_query_attention_has_smaller_key_and_value_projections() =>
        (FlopsConvention.PyramidDrop.Layer(Model, 10) - FlopsConvention.PyramidDrop.Layer(Model with { KeyValueHeads = 1 }, 10)).ShouldBe(2 * 10 * 8 * 4);

    [Fact]
    public void Counts_of_another_depth_are_refused() =>
        Should.Throw<ArgumentException>(() => FlopsConvention.PyramidDrop.Total(Model, new int[31], new int[31])).Message.ShouldContain("31");
}
