using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Tests.Llama;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class PyramidDropTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");

    [Theory]
    [InlineData(32, new[] { 8, 16, 24 })]
    [InlineData(40, new[] { 10, 20, 30 })]
    [InlineData(6, new[] { 1, 3, 4 })]
    [InlineData(3, new[] { 1, 2 })]
    [InlineData(1, new int[0])]
    public void Stages_follow_the_models_depth(int layers, int[] boundaries) =>
        new PyramidDrop(new PyramidDropOptions()).Plan(Shape(layers, 576)).Select(step => step.BeforeLayer).ShouldBe(boundaries);

    [Fact]
    public void Defaults_are_the_papers()
    {
        Tokens(new PyramidDropOptions(), 576).ShouldBe([.. Stages(8, 576, 288, 144, 72)]);
        new PyramidDrop(new PyramidDropOptions()).Plan(Shape(32, 576)).ShouldAllBe(step => step.Positions == PositionMode.Dense);
    }

    [Fact]
    public void Shares_are_truncated_as_the_code_does_and_leave_at_least_one_token()
    {
        var options = new PyramidDropOptions { Boundaries = [1, 2, 3], Ratios = [0.57, 0.29, 0.001] };
        // int(100 * 0.57) and int(100 * 0.29) are 56 and 28 in floating point.
        Tokens(options, 100)[..4].ShouldBe([100, 56, 28, 1]);
    }

    [Theory]
    [InlineData(192)]
    [InlineData(270)]
    [InlineData(400)]
    public void A_budget_scales_the_whole_shape(double average)
    {
        var tokens = Tokens(new PyramidDropOptions { Average = average }, 576);
        tokens.Average().ShouldBe(average, 0.6);
        var (second, last) = (tokens[16], tokens[31]);
        ((double)second / last).ShouldBe(2, 0.1);
        Math.Abs(tokens[8] - Math.Min(576, 2 * second)).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void The_papers_own_average_gives_the_papers_own_schedule() =>
        Tokens(new PyramidDropOptions { Average = 270 }, 576).ShouldBe(Tokens(new PyramidDropOptions(), 576));

    [Fact]
    public void Keep_and_count_speak_of_the_last_stage()
    {
        Tokens(new PyramidDropOptions { Count = 58 }, 576)[31].ShouldBe(58);
        Tokens(new PyramidDropOptions { Keep = 0.1 }, 576)[31].ShouldBe(58);
    }

    [Fact]
    public void More_stages_than_layers_are_refused() =>
        Should.Throw<PruningSettingException>(() => new PyramidDrop(new PyramidDropOptions { Ratios = [0.5, 0.4, 0.3] }).Plan(Shape(3, 576)))
            .Fault.ShouldContain("at most 2");

    public void Dispose() => golden.Dispose();

    private static IEnumerable<int> Stages(int layers, params int[] tokens) => tokens.SelectMany(count => Enumerable.Repeat(count, layers));

    private int[] Tokens(PyramidDropOptions options, int visual) => [.. ((IPruningMethod)new PyramidDrop(options)).VisualTokensPerLayer(Shape(32, visual))];

    private ModelShape Shape(int layers, int visual) => golden.Shape(visual) with { Layers = layers };
}
