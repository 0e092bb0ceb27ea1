using Pipeline.Servers.Azurite;
using Pipeline.Servers.Postgres;
using Pipeline.Servers.RabbitMq;

namespace Pipeline.Cli.Local;

/// <summary>The three servers that orchestrator and workers meet over.</summary>
internal sealed record LocalServers(RabbitMqServer Broker, PostgresServer Ledger, AzuriteServer Blobs)
{
    /// <summary>Starts those that do not run.</summary>
    public static async Task<LocalServers> StartAsync(LocalFolder folder, CancellationToken token)
    {
        var broker = Task.Run(async () => RabbitMqServer.Find(folder.RabbitMq) ?? await RabbitMqServer.StartAsync(folder.RabbitMq, token), token);
        var ledger = Task.Run(async () => await FindLedgerAsync(folder, token) ?? await PostgresServer.StartAsync(folder.Postgres, ClusterDurability.Full, token), token);
        var blobs = Task.Run(async () => AzuriteServer.Find(folder.Azurite) ?? await AzuriteServer.StartAsync(folder.Azurite, token), token);
        await Task.WhenAll(broker, ledger, blobs);
        return new LocalServers(await broker, await ledger, await blobs);
    }

    /// <summary>Stops those that run, whoever started them.</summary>
    /// <returns>The names of those that were stopped.</returns>
    public static async Task<IReadOnlyList<string>> StopAsync(LocalFolder folder, CancellationToken token)
    {
        var broker = RabbitMqServer.StopAsync(folder.RabbitMq, token);
        var blobs = AzuriteServer.StopAsync(folder.Azurite, token);
        var stopped = new List<string>();
        if (await FindLedgerAsync(folder, token) is { } ledger)
        {
            await ledger.StopAsync(token);
            stopped.Add("postgres");
        }

        if (await broker)
            stopped.Add("rabbitmq");
        if (await blobs)
            stopped.Add("azurite");
        return stopped;
    }

    public IEnumerable<LocalProcess> Processes =>
    [
        LocalProcess.Of("rabbitmq", Broker.Process, $"amqp://127.0.0.1:{Broker.Uri.Port}/", Broker.Log),
        LocalProcess.Of("postgres", Ledger.Process, $"postgresql://127.0.0.1:{Ledger.Port}/", Ledger.Log),
        LocalProcess.Of("azurite", Blobs.Process, Blobs.Uri.ToString(), Blobs.Log),
    ];

    private static async Task<PostgresServer?> FindLedgerAsync(LocalFolder folder, CancellationToken token) =>
        Directory.Exists(folder.Postgres) ? await PostgresServer.FindAsync(folder.Postgres, ClusterDurability.Full, token) : null;
}
