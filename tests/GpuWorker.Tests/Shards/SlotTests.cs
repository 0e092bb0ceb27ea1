using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class SlotTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_slots_take_two_shards_off_the_queue_at_once()
    {
        using var meeting = new Barrier(2);
        await using var bench = new Workbench(_ => new ScriptedModel { OnEncode = () => meeting.SignalAndWait(TimeSpan.FromSeconds(30), Token).ShouldBeTrue() }, slots: 2);
        await using var services = Services(bench, slots: 2);
        var harness = services.GetTestHarness();
        harness.TestTimeout = TimeSpan.FromSeconds(60);
        await harness.Start();
        var endpoint = await harness.Bus.GetSendEndpoint(new Uri($"exchange:{new WorkerOptions().Queue}"));

        await endpoint.Send(await bench.PlanAsync([bench.FileSample("a")], shard: 0), Token);
        await endpoint.Send(await bench.PlanAsync([bench.FileSample("b")], shard: 1), Token);

        (await harness.Published.SelectAsync<ShardCompleted>(answer => answer.Context.Message.Shard == 0, Token).First()).ShouldNotBeNull();
        (await harness.Published.SelectAsync<ShardCompleted>(answer => answer.Context.Message.Shard == 1, Token).First()).ShouldNotBeNull();
        harness.Published.Select<ShardFailed>(Token).ShouldBeEmpty();
        await harness.Stop(Token);
    }

    [Fact]
    public async Task Shards_run_side_by_side_predict_what_they_predict_one_after_the_other()
    {
        await using var bench = new Workbench(LisaImageModel.Load, slots: 2) { Checkpoint = tiny.Folder, Shape = tiny.Description.Shape };
        var shards = new List<ProcessShard>();
        for (var shard = 0; shard < 4; shard++)
        {
            shards.Add(await bench.PlanAsync([bench.FileSample($"{shard}a"), bench.FileSample($"{shard}b")], shard));
        }

        var alone = new List<ShardResult>();
        foreach (var shard in shards)
        {
            alone.Add(await RunAsync(shard));
        }

        var together = await Task.WhenAll(shards.Select(RunAsync));

        Digests(together).ShouldBe(Digests(alone));

        Task<ShardResult> RunAsync(ProcessShard shard) => bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, Token);

        static IEnumerable<string> Digests(IEnumerable<ShardResult> results) => results.Select(result => PredictionDigest.Of(result.Predictions).ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task A_number_of_slots_that_makes_no_sense_is_refused(int slots)
    {
        await using var bench = new Workbench(new ScriptedModel());
        var refused = Should.Throw<OptionsValidationException>(() =>
        {
            using var services = Services(bench, slots);
            return services.GetRequiredService<IOptions<WorkerOptions>>().Value;
        });

        refused.Message.ShouldContain("Worker:Slots is 1 to 256.");
    }

    private static ServiceProvider Services(Workbench bench, int slots)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IArtifactStore>(bench.Store);
        collection.AddGpuWorker().Configure(worker => (worker.Name, worker.Slots) = ("slots", slots));
        collection.AddSingleton(bench.Slots);
        collection.AddMassTransitTestHarness(TextWriter.Null, bus => bus.AddGpuWorkerConsumers());
        return collection.BuildServiceProvider();
    }
}
