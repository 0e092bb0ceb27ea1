using Microsoft.Extensions.Options;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Seeded;
using Pipeline.GpuWorker.Shards;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Seeded;

public sealed class SeededInferenceTests : IAsyncDisposable
{
    private readonly Workbench bench = new(new ScriptedModel());

    [Fact]
    public async Task Predictions_follow_from_sample_expression_and_variant_however_the_manifest_is_cut()
    {
        var whole = await RunAsync(await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b"), bench.FileSample("c")]));
        var parts = new List<Prediction>();
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b"), bench.FileSample("c")]);
        parts.AddRange((await RunAsync(shard with { Shard = 5, Attempt = 3, Part = new ShardPart(0, 1, 0, 2) })).Predictions);
        parts.AddRange((await RunAsync(shard with { Part = new ShardPart(1, 2, 1, 1) })).Predictions);
        parts.AddRange((await RunAsync(shard with { Part = new ShardPart(1, 2, 0, 1) })).Predictions);

        whole.Predictions.Count.ShouldBe(6);
        PredictionDigest.Of(parts).ToString().ShouldBe(PredictionDigest.Of(whole.Predictions).ToString());
    }

    [Fact]
    public async Task Predictions_look_like_a_models()
    {
        var result = await RunAsync(await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]));

        result.Predictions.ShouldAllBe(prediction =>
            prediction.Failure == null
            && prediction.Mask!.Area == prediction.Overlap!.Intersection
            && prediction.Overlap.Intersection <= prediction.Overlap.Union
            && prediction.Tokens.Count == ScriptedModel.Sizes.Layers
            && prediction.Tflops > 0);
        result.Predictions.Select(prediction => (prediction.Sample, prediction.Expression, prediction.Variant)).ShouldBe([("a", 0, 0), ("a", 0, 1), ("b", 0, 0), ("b", 0, 1)]);
    }

    [Fact]
    public async Task A_job_that_keeps_no_masks_gets_none()
    {
        bench.Outputs = new OutputSpec { Masks = "none" };

        var result = await RunAsync(await bench.PlanAsync([bench.FileSample("a")]));

        result.Predictions.ShouldAllBe(prediction => prediction.Mask == null && prediction.Overlap != null);
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private async Task<ShardResult> RunAsync(ProcessShard shard)
    {
        using var inference = new SeededInference(Options.Create(bench.Worker));
        var work = await new ShardLoader(bench.Store).LoadAsync(shard, Workbench.Token);
        using var slot = await inference.TakeAsync(work, Workbench.Token);
        var output = await slot.RunAsync(_ => Task.CompletedTask, CancellationToken.None, CancellationToken.None);
        return await ShardResultFile.ReadAsync(new MemoryStream(output.File.ToArray()), "result", Workbench.Token);
    }
}
