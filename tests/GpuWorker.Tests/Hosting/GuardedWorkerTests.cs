using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;
using Pipeline.Tests.Servers;
using RabbitMQ.Client;

namespace Pipeline.GpuWorker.Tests.Hosting;

/// <summary>A whole worker against a real broker, with a real model in a real child process.</summary>
public sealed class GuardedWorkerTests(Broker broker, TinyModel tiny) : IClassFixture<Broker>, IClassFixture<TinyModel>, IAsyncDisposable
{
    private const int Terminate = 15;
    private const int SegmentationFault = 11;

    private readonly Workbench bench = new(LisaImageModel.Load) { Checkpoint = tiny.Folder, Shape = tiny.Description.Shape, WeightsHash = tiny.Description.WeightsHash };
    private readonly string queue = $"shards{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_outlives_the_crash_of_its_model_and_its_child_does_not_outlive_the_worker()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        await using var worker = await StartAsync(listener);
        Arm(FaultPoints.ChildMidInference, SegmentationFault);
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        await listener.SendAsync(queue, shard);

        var crash = await listener.Failed.ReadAsync(Token);
        await listener.SendAsync(queue, shard with { Attempt = 2 });
        var completed = await listener.Completed.ReadAsync(Token);

        (crash.Attempt, crash.Class, crash.Stage, crash.Worker).ShouldBe((1, FaultClass.Crash, "infer", "guarded"));
        completed.Attempt.ShouldBe(2);
        var child = ProcessTree.ChildrenOf(worker.Id).ShouldHaveSingleItem();
        worker.Signal(9);
        await Eventually.True(() => ProcessTree.StateOf(child) is null or "Z", "the child to die with its worker");
    }

    [Theory]
    [InlineData(FaultPoints.AfterLease, 0)]
    [InlineData(FaultPoints.MidInference, 0)]
    [InlineData(FaultPoints.AfterUpload, 1)]
    [InlineData(FaultPoints.BeforePublish, 1)]
    public async Task A_worker_killed_before_it_answers_leaves_its_shard_to_the_next(string point, int results)
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        var shard = await bench.PlanAsync([bench.FileSample("a")]);
        await using (var worker = await StartAsync(listener))
        {
            Arm(point, 9);
            await listener.SendAsync(queue, shard);
            (await worker.EndAsync()).ExitCode.ShouldBe(128 + 9);
        }

        (await bench.Store.ListAsync($"jobs/{shard.Job:D}/results", Token).CountAsync(Token)).ShouldBe(results);
        await using var next = await StartAsync(listener);

        (await listener.Completed.ReadAsync(Token)).Shard.ShouldBe(shard.Shard);
    }

    [Fact]
    public async Task A_worker_refuses_weights_that_are_not_the_jobs_and_names_both()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        await using var worker = await StartAsync(listener);
        bench.WeightsHash = "0123";
        await listener.SendAsync(queue, await bench.PlanAsync([bench.FileSample("a")]));

        var other = await listener.Failed.ReadAsync(Token);
        bench.Checkpoint = "/nowhere/model";
        await listener.SendAsync(queue, await bench.PlanAsync([bench.FileSample("a")]));
        var missing = await listener.Failed.ReadAsync(Token);

        (other.Class, other.Stage).ShouldBe((FaultClass.Refused, "load"));
        other.Reason.ShouldContain(tiny.Description.WeightsHash);
        other.Reason.ShouldContain("0123");
        (missing.Class, missing.Stage).ShouldBe((FaultClass.Refused, "load"));
        missing.Reason.ShouldContain("/nowhere/model is not on this machine");
    }

    [Fact]
    public async Task A_worker_with_models_of_its_own_serves_their_queues_and_leaves_with_0()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        await using var worker = await StartAsync(listener, ("Worker__Models__0", tiny.Folder));
        var own = WorkQueues.Of(queue, tiny.Description.WeightsHash);
        await listener.SendAsync(own, await bench.PlanAsync([bench.FileSample("a")]));

        await listener.Completed.ReadAsync(Token);

        worker.Signal(Terminate);
        var (exitCode, output, _) = await worker.EndAsync();
        exitCode.ShouldBe(0, output);
        await foreach (var sign in listener.Seen.ReadAllAsync(Token))
        {
            sign.Queues.ShouldBe([own]);
            if (sign.Leaving)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_message_that_is_no_shard_is_told_with_its_body_and_leaves_the_queue()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        await using var worker = await StartAsync(listener);
        await PublishAsync("no JSON at all"u8.ToArray());

        var faulted = await listener.Faulted.ReadAsync(Token);

        (faulted.Queue, faulted.Body).ShouldBe((queue, "no JSON at all"));
        faulted.Reason.ShouldNotBeEmpty();
        var job = Guid.NewGuid();
        await listener.SendAsync(queue, new AttemptRevoked(job, 7, 1));
        var skipped = await listener.Faulted.ReadAsync(Token);
        (skipped.Queue, skipped.Job, skipped.Shard).ShouldBe((queue, job, 7), skipped.Reason);
        await listener.SendAsync(queue, await bench.PlanAsync([bench.FileSample("a")]));
        await listener.Completed.ReadAsync(Token);
    }

    [Fact]
    public async Task A_folder_without_a_checkpoint_is_no_model_to_serve()
    {
        await using var worker = WorkerProcess.Start(
            ("Broker__Uri", broker.Uri.ToString()), ("Artifacts__Folder", bench.Folder), ("Worker__Models__0", "/nowhere/model"));

        var (exitCode, _, errors) = await worker.EndAsync();

        exitCode.ShouldBe(2, errors);
        errors.ShouldStartWith("Worker:Models:0 is no checkpoint: /nowhere/model");
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    /// <summary>A worker that has announced itself, so that its queue is there.</summary>
    private async Task<WorkerProcess> StartAsync(Listener listener, params (string Name, string Value)[] more)
    {
        Directory.CreateDirectory(Path.Combine(bench.Folder, "faults", "guarded"));
        var worker = WorkerProcess.Start([
            ("Broker__Uri", broker.Uri.ToString()),
            ("Artifacts__Folder", Path.Combine(bench.Folder, "artifacts")),
            ("Worker__Name", "guarded"),
            ("Worker__Queue", queue),
            ("Worker__Threads", "1"),
            ("Worker__Device", "cpu"),
            ("Worker__FaultPoints", Path.Combine(bench.Folder, "faults")),
            .. more,
        ]);
        await listener.Seen.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
        return worker;
    }

    private void Arm(string point, int signal) => File.WriteAllText(Path.Combine(bench.Folder, "faults", "guarded", point), $"{signal}");

    private async Task PublishAsync(byte[] body)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await channel.BasicPublishAsync("", queue, body, Token);
    }
}
