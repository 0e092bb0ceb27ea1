using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;

namespace Pipeline.Segmentation.Tests.Flops;

/// <summary>The tables of the papers, as far as their own formulas reproduce them.</summary>
public sealed class FlopsConventionTests
{
    private static readonly ModelShape Vicuna7B = Shape(32, 4096, 11008, 32, 32);
    private static readonly ModelShape Vicuna13B = Shape(40, 5120, 13824, 40, 40);

    [Theory]
    [InlineData(576, 3.82)]
    [InlineData(288, 1.89)]
    [InlineData(2880, 20.8)]
    [InlineData(2048, 14.4)]
    public void PyramidDrop_counts_a_constant_number_of_tokens_as_its_paper(int tokens, double published) =>
        Tera(FlopsConvention.PyramidDrop, Vicuna7B, Stages((32, tokens))).ShouldBe(published, HalfDigit(published));

    [Theory]
    [InlineData(576, 1.78)]
    [InlineData(2880, 9.5)]
    [InlineData(2048, 6.6)]
    public void PyramidDrop_counts_its_four_stages_as_its_paper(int tokens, double published) =>
        Tera(FlopsConvention.PyramidDrop, Vicuna7B, Stages((8, tokens), (8, tokens / 2), (8, tokens / 4), (8, tokens / 8))).ShouldBe(published, HalfDigit(published));

    [Fact]
    public void PyramidDrop_counts_three_stages_as_its_paper() =>
        Tera(FlopsConvention.PyramidDrop, Vicuna7B, Stages((10, 576), (10, 288), (12, 144))).ShouldBe(2.13, 0.005);

    [Theory]
    [InlineData(576, 288, 2.01)]
    [InlineData(2880, 1440, 10.6)]
    [InlineData(2048, 1024, 7.4)]
    public void PyramidDrop_counts_FastV_as_its_paper(int tokens, int kept, double published) =>
        Tera(FlopsConvention.PyramidDrop, Vicuna7B, Stages((2, tokens), (30, kept))).ShouldBe(published, HalfDigit(published));

    [Theory]
    [InlineData(256, 3.275)]
    [InlineData(576, 7.444)]
    public void PyramidDrop_counts_the_larger_model(int tokens, double tera) =>
        Tera(FlopsConvention.PyramidDrop, Vicuna13B, Stages((40, tokens))).ShouldBe(tera, 0.0005);

    [Fact]
    public void FastV_counts_its_unpruned_layers_as_its_paper()
    {
        (FlopsConvention.FastV.Layer(Vicuna7B, 612) / 1e9).ShouldBe(99.3, 0.05);
        (FlopsConvention.FastV.Layer(Vicuna13B, 612) / 1e9).ShouldBe(154.6, 0.05);
    }

    [Theory]
    [InlineData(2, 0.90, 29.7)]
    [InlineData(2, 0.75, 50.2)]
    [InlineData(2, 0.50, 84.6)]
    [InlineData(3, 0.90, 33.0)]
    [InlineData(3, 0.75, 52.9)]
    [InlineData(3, 0.50, 86.4)]
    [InlineData(5, 0.90, 39.6)]
    [InlineData(5, 0.75, 58.4)]
    [InlineData(5, 0.50, 90.1)]
    public void FastV_counts_the_13B_rows_of_its_paper(int layer, double ratio, double published)
    {
        var full = FlopsConvention.FastV.Layer(Vicuna13B, 612);
        var pruned = FlopsConvention.FastV.Layer(Vicuna13B, 36 + ((1 - ratio) * 576));
        var mean = ((layer * full) + ((40 - layer) * pruned)) / 40 / 1e9;
        mean.ShouldBe(published, 0.051);
    }

    [Fact]
    public void Grouped_query_attention_has_smaller_key_and_value_projections() =>
        Tera(FlopsConvention.PyramidDrop, Shape(32, 4096, 14336, 32, 8), Stages((32, 256))).ShouldBe(1.804, 0.0005);

    [Fact]
    public void PyramidDrop_counts_visual_tokens_and_FastV_all_of_them()
    {
        var model = Shape(1, 8, 16, 2, 2);
        FlopsConvention.PyramidDrop.Total(model, [10], [4]).ShouldBe(FlopsConvention.PyramidDrop.Layer(model, 4));
        FlopsConvention.FastV.Total(model, [10], [4]).ShouldBe(FlopsConvention.FastV.Layer(model, 10));
    }

    [Fact]
    public void Counts_of_another_depth_are_refused() =>
        Should.Throw<ArgumentException>(() => FlopsConvention.PyramidDrop.Total(Vicuna7B, new int[31], new int[31]))
            .Message.ShouldContain("31");

    private static double Tera(FlopsConvention convention, ModelShape model, int[] visual) => convention.Total(model, visual, visual) / 1e12;

    private static int[] Stages(params (int Layers, int Tokens)[] stages) => [.. stages.SelectMany(stage => Enumerable.Repeat(stage.Tokens, stage.Layers))];

    /// <summary>Half of the last digit printed: two decimals below ten, one above.</summary>
    private static double HalfDigit(double published) => published == Math.Round(published, 1) ? 0.0501 : 0.00501;

    private static ModelShape Shape(int layers, int hidden, int intermediate, int heads, int keyValueHeads) => new()
    {
        Architecture = "llama",
        Layers = layers,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        VocabularySize = 32000,
        GridHeight = 24,
        GridWidth = 24,
    };
}
