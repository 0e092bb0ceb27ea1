using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class ConsumerTests : IAsyncLifetime
{
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;
    private readonly ServiceProvider services;
    private readonly ITestHarness harness;

    public ConsumerTests()
    {
        bench = new Workbench(model);
        var collection = new ServiceCollection();
        collection.AddSingleton<IArtifactStore>(bench.Store);
        collection.AddGpuWorker().Configure(worker => (worker.Name, worker.Threads) = ("consumer", 1));
        collection.AddSingleton(bench.Slots);
        collection.AddMassTransitTestHarness(TextWriter.Null, bus => bus.AddGpuWorkerConsumers());
        services = collection.BuildServiceProvider();
        harness = services.GetTestHarness();
        harness.TestTimeout = TimeSpan.FromSeconds(20);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await harness.Start();

    [Fact]
    public async Task A_processed_shard_is_stored_under_its_hash_and_answered()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b")]);

        await SendAsync(shard);

        var completed = await AnswerAsync<ShardCompleted>();
        (completed.Job, completed.Shard, completed.Attempt, completed.Worker).ShouldBe((shard.Job, 0, 1, "consumer"));
        completed.Result.Name.ShouldBe(ArtifactNames.Result(shard.Job, 0, 1, completed.Result.Sha256));
        await using var stored = await bench.Store.OpenAsync(completed.Result.Name, Token);
        (await ShardResultFile.ReadAsync(stored, completed.Result.Name, Token)).Predictions.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_worker_tells_that_it_has_taken_a_shard()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        await SendAsync(shard);

        (await AnswerAsync<ShardProgress>()).ShouldBe(new ShardProgress(shard.Job, 0, 1, "consumer", 0));
    }

    [Fact]
    public async Task A_fault_is_answered_and_the_message_does_not_fault()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        await SendAsync(shard with { JobArtifact = "jobs/gone/job.json" });

        var failed = await AnswerAsync<ShardFailed>();
        (failed.Class, failed.Stage, failed.Worker).ShouldBe((FaultClass.Transient, "load", "consumer"));
        failed.Reason.ShouldContain("jobs/gone/job.json");
        harness.Published.Select<Fault<ProcessShard>>(Token).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_halted_job_ends_the_shard_that_runs_and_drops_those_that_wait()
    {
        using var go = new ManualResetEventSlim();
        using var running = new ManualResetEventSlim();
        model.OnSegment = _ => { running.Set(); go.Wait(Token); };
        var first = await bench.PlanAsync([bench.FileSample("a")], shard: 0);
        var second = await bench.PlanAsync([bench.FileSample("a")], shard: 1);
        await SendAsync(first);
        await SendAsync(second);
        await Task.Run(() => running.Wait(Token), Token);

        await harness.Bus.Publish(new JobHalted(first.Job, 0, "enough"), Token);
        (await harness.Consumed.Any<JobHalted>(Token)).ShouldBeTrue();
        go.Set();

        var answers = await AnswersAsync<ShardFailed>(2);
        answers.ShouldAllBe(answer => answer.Class == FaultClass.Cancelled);
        answers.Select(answer => answer.Shard).ShouldBe([0, 1], ignoreOrder: true);
        model.Batches.Count.ShouldBe(1);
        harness.Published.Select<ShardCompleted>(Token).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revoked_attempt_ends_and_no_other()
    {
        using var go = new ManualResetEventSlim();
        using var running = new ManualResetEventSlim();
        model.OnSegment = _ => { running.Set(); go.Wait(Token); };
        var first = await bench.PlanAsync([bench.FileSample("a")], shard: 0);
        var second = await bench.PlanAsync([bench.FileSample("a")], shard: 1);
        await SendAsync(first);
        await Task.Run(() => running.Wait(Token), Token);
        await SendAsync(second);

        await harness.Bus.Publish(new AttemptRevoked(first.Job, 0, first.Attempt), Token);
        await harness.Bus.Publish(new AttemptRevoked(first.Job, 1, second.Attempt + 1), Token);
        (await harness.Consumed.SelectAsync<AttemptRevoked>(revoked => revoked.Context.Message.Shard == 0, Token).First()).ShouldNotBeNull();
        (await harness.Consumed.SelectAsync<AttemptRevoked>(revoked => revoked.Context.Message.Shard == 1, Token).First()).ShouldNotBeNull();
        go.Set();

        var dropped = await AnswerAsync<ShardFailed>();
        (dropped.Shard, dropped.Class).ShouldBe((0, FaultClass.Cancelled));
        (await AnswerAsync<ShardCompleted>()).Shard.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_gives_signs_of_life_while_its_model_is_silent()
    {
        using var go = new ManualResetEventSlim();
        model.OnSegment = _ => go.Wait(Token);
        var shard = await bench.PlanAsync([bench.FileSample("a")]) with { Lease = TimeSpan.FromMilliseconds(200) };

        await SendAsync(shard);

        (await AnswersAsync<ShardProgress>(4)).ShouldAllBe(sign => sign == new ShardProgress(shard.Job, 0, 1, "consumer", 0));
        go.Set();
        await AnswerAsync<ShardCompleted>();
    }

    [Fact]
    public async Task A_shard_that_is_handed_out_again_while_it_runs_is_run_once()
    {
        using var go = new ManualResetEventSlim();
        model.OnSegment = _ => go.Wait(Token);
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        await SendAsync(shard);
        await AnswerAsync<ShardProgress>();

        await SendAsync(shard);
        await SendAsync(await bench.PlanAsync([bench.FileSample("b")], shard: 1));
        go.Set();

        (await AnswersAsync<ShardCompleted>(2)).Select(answer => answer.Shard).ShouldBe([0, 1]);
        model.Encoded.ShouldBe(2);
    }

    [Fact]
    public async Task A_shard_of_another_version_of_messages_or_code_is_refused_and_both_are_named()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        await SendAsync(shard with { Contract = 99 });
        bench.PlannedBy = "7.3.1+abc";
        await SendAsync(await bench.PlanAsync([bench.FileSample("a")], shard: 1));

        var refused = await AnswersAsync<ShardFailed>(2);

        refused.ShouldAllBe(answer => answer.Class == FaultClass.Refused && answer.Stage == "load");
        refused.Single(answer => answer.Shard == 0).Reason.ShouldBe("the shard was sent in version 99 of the messages; this worker speaks 1");
        refused.Single(answer => answer.Shard == 1).Reason.ShouldBe($"version 7.3.1+abc planned the job; this worker is version {CodeVersion.Current}");
        model.Encoded.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await harness.Stop(Token);
        await services.DisposeAsync();
        await bench.DisposeAsync();
    }

    private async Task SendAsync(ProcessShard shard)
    {
        var endpoint = await harness.Bus.GetSendEndpoint(new Uri($"exchange:{new WorkerOptions().Queue}"));
        await endpoint.Send(shard, Token);
    }

    private async Task<T> AnswerAsync<T>()
        where T : class => (await AnswersAsync<T>(1))[0];

    private async Task<IReadOnlyList<T>> AnswersAsync<T>(int count)
        where T : class
    {
        var answers = new List<T>();
        await foreach (var message in harness.Published.SelectAsync<T>(Token))
        {
            answers.Add(message.Context.Message);
            if (answers.Count == count)
            {
                return answers;
            }
        }

        throw new TimeoutException($"{answers.Count} of {count} {typeof(T).Name} were published within {harness.TestTimeout}");
    }
}
