using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Poison;
using Pipeline.Orchestrator.Workers;

namespace Pipeline.Orchestrator.Tests.Support;

/// <summary>The orchestrator as an embedded run has it: in-memory transport, a folder of artifacts, a real ledger, and a scripted worker.</summary>
internal sealed class Room : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private IHost? host;
    private string connection = "";
    private bool dispatching;

    public Guid Job { get; } = Guid.Parse("00000000-0000-0000-0000-0000000000aa");

    public IArtifactStore Artifacts => Get<IArtifactStore>();

    public string Folder => folder.Path;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="work">What the worker does; by default it completes every shard.</param>
    /// <param name="dispatching">False for a room whose shards are only moved by the test.</param>
    /// <param name="beside">A room whose ledger and artifacts this one shares: another orchestrator.</param>
    /// <param name="broker">RabbitMQ instead of the in-memory transport; the worker comes with <see cref="ConnectWorkerAsync"/>.</param>
    public static async Task<Room> OpenAsync(
        LedgerFixture ledgers, Func<Room, ConsumeContext<ProcessShard>, Task>? work = null, Action<DispatchOptions>? configure = null, bool dispatching = true, Uri? broker = null, Room? beside = null)
    {
        var room = new Room { dispatching = dispatching };
        var connection = room.connection = beside?.connection ?? await ledgers.NewLedgerAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddOrchestrator();
        builder.Services.Configure<LedgerOptions>(options => options.Connection = connection);
        builder.Services.Configure<DispatchOptions>(options =>
        {
            options.BackOff = TimeSpan.FromMilliseconds(10);
            options.Poll = TimeSpan.FromMilliseconds(50);
            options.WorkerTimeout = TimeSpan.FromMinutes(10);
        });
        if (configure is not null)
            builder.Services.Configure(configure);
        builder.Services.AddSingleton<IArtifactStore>(new FolderArtifactStore((beside ?? room).folder.File("artifacts")));
        builder.Services.AddSingleton<ScriptedWorker.Script>(context => (work ?? CompleteAsync)(room, context));
        builder.Services.Configure<MassTransitHostOptions>(bus => bus.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            if (broker is null)
            {
                bus.AddConsumer<ScriptedWorker>().Endpoint(endpoint => endpoint.Name = "shards");
                bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
                return;
            }

            bus.UsingRabbitMq((context, transport) =>
            {
                transport.Host(broker);
                transport.ConfigureEndpoints(context);
            });
        });
        if (!dispatching)
        {
            foreach (var service in (Type[])[typeof(Dispatcher), typeof(PlanningService), typeof(PoisonService), typeof(Reaper)])
                builder.Services.Remove(builder.Services.Single(registered => registered.ImplementationType == service));
        }

        room.host = builder.Build();
        await room.host.StartAsync(Token);
        if (broker is null)
            await room.AnnounceWorkerAsync();
        return room;
    }

    public T Get<T>()
        where T : notnull => host!.Services.GetRequiredService<T>();

    /// <summary>A worker comes: its queue is there from now on, and it says so.</summary>
    /// <param name="work">What it does; by default it completes every shard.</param>
    public async Task ConnectWorkerAsync(string queue = "shards", Func<Room, ConsumeContext<ProcessShard>, Task>? work = null)
    {
        await Get<IReceiveEndpointConnector>().ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            ((IRabbitMqReceiveEndpointConfigurator)endpoint).SetQuorumQueue();
            endpoint.Handler<ProcessShard>(context => (work ?? CompleteAsync)(this, context));
        }).Ready;
        await AnnounceWorkerAsync(queue);
    }

    /// <summary>A worker says that it is there.</summary>
    public Task AnnounceWorkerAsync(string queue = "shards", int slots = 32, Guid? instance = null, bool leaving = false) =>
        Get<IBus>().Publish(new WorkerSeen("worker-1", instance ?? Guid.NewGuid(), [queue], slots, "0.1.0", "cpu", leaving), Token);

    /// <summary>Counts the next attempt of waiting shards, as the dispatcher does before it sends.</summary>
    public async Task<IReadOnlyList<ProcessShard>> ClaimAsync(int atMost = 1, string queue = "shards", int slots = 32, params string[] others)
    {
        var live = new LiveQueues(others.Append(queue).ToDictionary(name => name, _ => slots));
        return [.. (await Get<ShardQueue>().ClaimAsync(live, queue, atMost, Token)).Select(shard => shard.ToMessage(TimeSpan.FromMinutes(1)))];
    }

    /// <summary>Submits a job and plans it: in a dispatching room the service does, else it is done here.</summary>
    public async Task<ResolvedJob> PlanAsync(JobSpec spec, Guid? id = null, SubmitOptions? options = null)
    {
        var job = await Get<JobControl>().SubmitAsync(id ?? Job, spec, TestJobs.Model, options ?? new SubmitOptions(), Token);
        if (!dispatching)
            return (await Get<JobPlanner>().PlanAsync(job, Token)).ShouldNotBeNull();
        await Eventually.Get("the job's plan", () => QueryAsync(ledger => ledger.Jobs.Where(row => row.Id == job).Select(row => row.State).SingleAsync(Token)), state => state != JobState.Planning);
        return await JobArtifact.ReadAsync(Artifacts, job, 0, Token);
    }

    public Task<JobProgress> EndOfJobAsync() =>
        Eventually.Get("the job's end", () => Get<JobWatch>().ReadAsync(Job, Token), progress => progress.Ended);

    public async Task<T> QueryAsync<T>(Func<LedgerContext, Task<T>> query)
    {
        await using var ledger = await Get<IDbContextFactory<LedgerContext>>().CreateDbContextAsync(Token);
        return await query(ledger);
    }

    public static async Task CompleteAsync(Room room, ConsumeContext<ProcessShard> context) =>
        await context.Publish(await room.StoreResultAsync(context.Message));

    /// <summary>Makes and stores a result as a worker does.</summary>
    public async Task<ShardCompleted> StoreResultAsync(ProcessShard message, Func<Prediction, Prediction>? alter = null)
    {
        await using var stream = await Artifacts.OpenAsync(message.SliceArtifact, Token);
        var slice = await ManifestSlice.ReadAsync(stream, message.SliceArtifact, Token);
        return await StoreAsync(TestJobs.ResultOf(message, slice, alter));
    }

    public async Task<ShardCompleted> StoreAsync(ShardResult result)
    {
        var bytes = ShardResultFile.Write(result);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var stored = await Artifacts.PutAsync(ArtifactNames.Result(result.Job, result.Shard, result.Attempt, hash), bytes, Token);
        return new ShardCompleted(result.Job, result.Shard, result.Attempt, result.Worker, stored);
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        await using (var pooled = new NpgsqlConnection(connection))
            NpgsqlConnection.ClearPool(pooled);

        folder.Dispose();
    }
}
