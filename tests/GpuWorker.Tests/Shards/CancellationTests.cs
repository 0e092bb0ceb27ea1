using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class CancellationTests : IAsyncDisposable
{
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;
    private readonly CancellationTokenSource token = new();

    public CancellationTests() => bench = new Workbench(model);

    [Fact]
    public async Task A_cancelled_shard_stops_between_two_variants()
    {
        model.OnSegment = _ => token.Cancel();
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]);

        await Should.ThrowAsync<OperationCanceledException>(() => bench.Runner.RunAsync(shard, _ => Task.CompletedTask, token.Token, CancellationToken.None));

        model.Batches.Count.ShouldBe(1);
        model.Live.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_is_going_finishes_the_image_it_is_at_and_no_other()
    {
        model.OnSegment = _ => token.Cancel();
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]);

        await Should.ThrowAsync<OperationCanceledException>(() => bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, token.Token));

        model.Batches.Count.ShouldBe(bench.Variants.Count);
        model.Encoded.ShouldBe(1);
        model.Live.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_is_going_begins_nothing()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        await token.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, token.Token));

        model.Encoded.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        token.Dispose();
    }
}
