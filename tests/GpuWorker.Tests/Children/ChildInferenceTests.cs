using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Children;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Shards;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Children;

/// <summary>The model in a real process of its own, which really dies.</summary>
public sealed class ChildInferenceTests : IClassFixture<TinyModel>, IAsyncDisposable
{
    private const int Stop = 19;
    private const int Segfault = 11;

    private readonly Workbench bench;
    private ChildInference? inference;

    public ChildInferenceTests(TinyModel tiny)
    {
        bench = new Workbench(LisaImageModel.Load) { Checkpoint = tiny.Folder, Shape = tiny.Description.Shape };
        bench.Worker.FaultPoints = Path.Combine(bench.Folder, "faults");
        Directory.CreateDirectory(Path.Combine(bench.Worker.FaultPoints, bench.Worker.Name));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_predicts_what_the_same_model_predicts_in_this_process_and_stores_its_pictures()
    {
        bench.Outputs = new OutputSpec { Masks = "png" };
        bench.OverlaySamples = ["a"];
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]);
        var here = await bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, Token);
        var overlay = ArtifactNames.Overlay(shard.Job, "a", "jpg");
        await bench.Store.DeleteAsync(overlay, Token);
        var seen = new List<int>();

        var there = await RunUntilAsync(shard, done => { seen.Add(done); return Task.CompletedTask; }, CancellationToken.None);

        PredictionDigest.Of(there.Predictions).ToString().ShouldBe(PredictionDigest.Of(here.Predictions).ToString());
        (there.Worker, there.Attempt, there.CodeVersion).ShouldBe((here.Worker, here.Attempt, here.CodeVersion));
        seen.ShouldBe([1, 2]);
        (await bench.Store.ExistsAsync(overlay, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_child_fetches_images_by_its_workers_rules()
    {
        var sample = bench.FileSample("a");
        await using var server = await PictureServer.StartAsync();
        var url = server.Serve("/a.png", await File.ReadAllBytesAsync(sample.Image.Path!, Token));
        var here = await bench.RunAsync(sample);
        (bench.Urls, bench.Fetch.Hosts, bench.Fetch.PrivateNetworks) = (ImageUrls.Allow, ["127.0.0.1"], ["127.0.0.0/8"]);

        var there = await RunAsync(await bench.PlanAsync([sample with { Image = new ImageSource { Url = url } }, sample with { Image = new ImageSource { Url = server.Url("/a.png", "localhost") } }]));

        PredictionDigest.Of([.. there.Predictions.Take(2)]).ToString().ShouldBe(PredictionDigest.Of(here).ToString());
        there.Predictions.Skip(2).ShouldAllBe(prediction => prediction.Failure!.Reason.Contains("localhost is not among those"));
    }

    [Fact]
    public async Task A_segmentation_fault_costs_one_attempt_and_the_next_shard_runs()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        Arm(FaultPoints.ChildMidInference, Segfault);

        var fault = await Should.ThrowAsync<ShardException>(() => RunAsync(shard));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Crash, "infer"));
        fault.Message.ShouldStartWith("the process that runs the model was killed by signal ");
        fault.Message.ShouldContain(" at sample a");
        (await RunAsync(shard)).Predictions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_child_that_hangs_is_killed_and_the_next_shard_runs()
    {
        bench.Worker.HangSeconds = 1;
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        Arm(FaultPoints.ChildMidInference, Stop);

        var fault = await Should.ThrowAsync<ShardException>(() => RunAsync(shard));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Crash, "infer"));
        fault.Message.ShouldStartWith("the process that runs the model gave no sign for 1 s and was killed at sample a");
        (await RunAsync(shard)).Predictions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_shard_nobody_waits_for_ends_even_when_its_child_does_not_hear()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]);
        using var cancelled = new CancellationTokenSource();
        Arm(FaultPoints.ChildMidInference, Stop);
        var running = RunUntilAsync(shard, _ => Task.CompletedTask, cancelled.Token);
        await Eventually.True(() => Children() is [var child] && ProcessTree.StateOf(child) == "T", "the child to freeze");

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        (await RunAsync(shard)).Predictions.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_child_that_stops_when_asked_is_kept()
    {
        var shard = await bench.PlanAsync([.. Enumerable.Range(0, 40).Select(i => bench.FileSample($"s{i}"))]);
        using var cancelled = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => RunUntilAsync(shard, _ => cancelled.CancelAsync(), cancelled.Token));
        var before = Children();
        await RunAsync(await bench.PlanAsync([bench.FileSample("a")]));

        Children().ShouldBe(before);
        before.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_child_that_grew_too_large_is_renewed_without_a_fault()
    {
        bench.Worker.RecycleMegabytes = 1;
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        var predictions = (await RunAsync(shard)).Predictions;

        Children().ShouldBeEmpty();
        PredictionDigest.Of((await RunAsync(shard)).Predictions).ToString().ShouldBe(PredictionDigest.Of(predictions).ToString());
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_told_as_in_one_process()
    {
        bench.Checkpoint = "nowhere";
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        var fault = await Should.ThrowAsync<ShardException>(() => RunAsync(shard));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Transient, "load"));
        fault.Message.ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_child_gets_none_of_its_workers_settings()
    {
        Environment.SetEnvironmentVariable("Settings__Broker", "amqp://user:secret@host/");
        Environment.SetEnvironmentVariable("AZURE_CLIENT_SECRET", "secret");
        try
        {
            await RunAsync(await bench.PlanAsync([bench.FileSample("a")]));

            var environment = await File.ReadAllTextAsync($"/proc/{Children().ShouldHaveSingleItem()}/environ", Token);

            environment.ShouldNotContain("secret");
            environment.ShouldContain("PATH=");
        }
        finally
        {
            Environment.SetEnvironmentVariable("Settings__Broker", null);
            Environment.SetEnvironmentVariable("AZURE_CLIENT_SECRET", null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        inference?.Dispose();
        await bench.DisposeAsync();
    }

    private static int[] Children() => ProcessTree.ChildrenOf(Environment.ProcessId);

    private void Arm(string point, int signal) => File.WriteAllText(PathOf(point), $"{signal}");

    private string PathOf(string point) => Path.Combine(bench.Worker.FaultPoints!, bench.Worker.Name, point);

    private Task<ShardResult> RunAsync(ProcessShard shard) => RunUntilAsync(shard, _ => Task.CompletedTask, CancellationToken.None);

    private async Task<ShardResult> RunUntilAsync(ProcessShard shard, Func<int, Task> onSample, CancellationToken cancelled)
    {
        inference ??= new ChildInference(bench.Store, Options.Create(bench.Worker), Options.Create(bench.Fetch), Options.Create(bench.Images), TimeProvider.System, NullLogger<ChildSlot>.Instance);
        var work = await new ShardLoader(bench.Store).LoadAsync(shard, Token);
        using var slot = await inference.TakeAsync(work, Token);
        var output = await slot.RunAsync(onSample, cancelled, Token);
        return await ShardResultFile.ReadAsync(new MemoryStream(output.File.ToArray()), "result", Token);
    }
}
