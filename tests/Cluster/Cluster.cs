using System.Globalization;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Servers.Azurite;
using Pipeline.Servers.Postgres;
using Pipeline.Servers.Processes;
using Pipeline.Servers.RabbitMq;
using RabbitMQ.Client;

namespace Pipeline.Tests.Cluster;

/// <summary>RabbitMQ, PostgreSQL, Azurite, orchestrators and workers as processes of their own, with everything they own in a temporary folder.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly string folder;
    private readonly ClusterOptions options;
    private readonly RabbitMqServer rabbit;
    private readonly PostgresServer postgres;
    private readonly AzuriteServer azurite;

    private Cluster(string folder, ClusterOptions options, RabbitMqServer rabbit, PostgresServer postgres, AzuriteServer azurite)
    {
        (this.folder, this.options, this.rabbit, this.postgres, this.azurite) = (folder, options, rabbit, postgres, azurite);
        Broker = new ClusterServer(() => rabbit.Process, rabbit.RestartAsync);
        Postgres = new ClusterServer(() => postgres.Process, postgres.RestartAsync);
        Azurite = new ClusterServer(() => azurite.Process, azurite.RestartAsync);
        // No pool: its connections would outlive a server that was killed.
        Ledger = NpgsqlDataSource.Create(postgres.ConnectionString + ";Pooling=false");
        Artifacts = ArtifactStores.Create(new ArtifactOptions { Blob = { Connection = azurite.ConnectionString } });
        Orchestrators = [.. Enumerable.Range(1, options.Orchestrators).Select(Orchestrator)];
        Workers = [.. Enumerable.Range(1, options.Workers).Select(Worker)];
    }

    public ClusterServer Broker { get; }

    public ClusterServer Postgres { get; }

    public ClusterServer Azurite { get; }

    public IReadOnlyList<HostProcess> Orchestrators { get; }

    public IReadOnlyList<HostProcess> Workers { get; }

    /// <summary>A way into the ledger that passes by the orchestrator.</summary>
    public NpgsqlDataSource Ledger { get; }

    /// <summary>A way to the artifacts that passes by both hosts.</summary>
    public IArtifactStore Artifacts { get; }

    public TimeSpan Lease => options.Lease;

    /// <summary>Where workers look for orders to die at a point.</summary>
    private string FaultPoints => Path.Combine(folder, "fault-points");

    /// <summary>Starts everything and waits until it is ready.</summary>
    public static async Task<Cluster> StartAsync(ClusterOptions options, CancellationToken token)
    {
        var folder = Directory.CreateTempSubdirectory("cluster-").FullName;
        // PostgreSQL may run as another account, which must be able to pass.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var rabbit = RabbitMqServer.StartAsync(Path.Combine(folder, "rabbitmq"), token);
        var postgres = PostgresServer.StartAsync(Path.Combine(folder, "postgres"), ClusterDurability.Full, token);
        var azurite = AzuriteServer.StartAsync(Path.Combine(folder, "azurite"), token);
        await Task.WhenAll(rabbit, postgres, azurite);
        var cluster = new Cluster(folder, options, await rabbit, await postgres, await azurite);
        try
        {
            foreach (var host in cluster.Orchestrators.Concat(cluster.Workers))
                host.Start();
            foreach (var host in cluster.Orchestrators.Concat(cluster.Workers))
                await host.ReadyAsync(token);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells a worker to kill itself at the next named point of a shard's way.</summary>
    /// <returns>The order; it is gone as soon as it is obeyed.</returns>
    public string OrderDeath(HostProcess worker, string point)
    {
        var order = Path.Combine(FaultPoints, worker.Name, point);
        Directory.CreateDirectory(Path.GetDirectoryName(order)!);
        File.WriteAllText(order, "");
        return order;
    }

    public async Task<IConnection> ConnectToBrokerAsync(CancellationToken token) => await new ConnectionFactory { Uri = rabbit.Uri }.CreateConnectionAsync(token);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Workers.Concat(Orchestrators))
            await host.DisposeAsync();
        await Ledger.DisposeAsync();
        await azurite.DisposeAsync();
        await postgres.DisposeAsync();
        await rabbit.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private HostProcess Orchestrator(int number)
    {
        var settings = new Dictionary<string, string>
        {
            ["Broker__Uri"] = rabbit.Uri.ToString(),
            ["Ledger__Connection"] = postgres.ConnectionString,
            ["Artifacts__Blob__Connection"] = azurite.ConnectionString,
            ["Data__Roots__0"] = "/",
            ["Dispatch__Lease"] = options.Lease.ToString("c", CultureInfo.InvariantCulture),
            ["Dispatch__Unclaimed"] = options.Lease.ToString("c", CultureInfo.InvariantCulture),
            ["Dispatch__WorkerTimeout"] = (options.Lease * 3).ToString("c", CultureInfo.InvariantCulture),
            ["Dispatch__BackOff"] = "00:00:00.200",
            ["Dispatch__LongestBackOff"] = "00:00:02",
        };
        return Host($"orchestrator-{number}", [Program("pipeline.dll"), "orchestrator"], settings, options.OrchestratorSettings);
    }

    private HostProcess Worker(int number)
    {
        var name = $"worker-{number}";
        var settings = new Dictionary<string, string>
        {
            ["Broker__Uri"] = rabbit.Uri.ToString(),
            ["Artifacts__Blob__Connection"] = azurite.ConnectionString,
            ["Worker__Name"] = name,
            ["Worker__Threads"] = "1",
            ["Worker__Device"] = "cpu",
            ["Worker__FaultPoints"] = FaultPoints,
        };
        return Host(name, [Program("Pipeline.GpuWorker.dll")], settings, options.WorkerSettings);
    }

    private HostProcess Host(string name, IReadOnlyList<string> command, Dictionary<string, string> settings, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
            settings[key] = value;
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}/");
        settings["ASPNETCORE_URLS"] = address.ToString();
        return new HostProcess(name, command, settings, address, Path.Combine(folder, $"{name}.log"));
    }

    private static string Program(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
