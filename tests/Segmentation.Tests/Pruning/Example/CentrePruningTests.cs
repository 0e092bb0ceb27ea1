using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning.Example;

public sealed class CentrePruningTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    [Theory]
    [InlineData(1, new long[] { 5 })]
    [InlineData(4, new long[] { 5, 6, 9, 10 })]
    [InlineData(6, new long[] { 1, 2, 5, 6, 9, 10 })]
    public void The_middle_of_the_grid_stays(int count, long[] expected)
    {
        using var scope = NewDisposeScope();
        var shape = golden.Shape(1) with { GridHeight = 4, GridWidth = 4 };
        var layout = new SequenceLayout(3, 16, [new SequenceRow(25, 22, [23])]);
        var plan = new CentrePruning(new CentrePruning.Options { Count = count, Layer = 2 }).Plan(shape);

        using var result = PruningExecutor.Run(golden.Model, randn([1, 25, shape.HiddenSize]), layout, plan, new ImageEvidence(0));

        result.Kept.data<long>().ToArray().ShouldBe(expected);
        result.VisualTokens.ShouldBe([16, 16, count, count, count, count]);
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }
}
