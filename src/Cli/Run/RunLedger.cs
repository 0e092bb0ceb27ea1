using Pipeline.Servers.Postgres;

namespace Pipeline.Cli.Run;

/// <summary>The ledger of a run: a database that was named, or a private cluster that lives as long as the run.</summary>
internal sealed class RunLedger : IAsyncDisposable
{
    private readonly PrivateCluster? cluster;

    private RunLedger(string connection, PrivateCluster? cluster)
    {
        Connection = connection;
        this.cluster = cluster;
    }

    public string Connection { get; }

    public string? Notice => cluster?.Notice;

    public static async Task<RunLedger> OpenAsync(string? connection, string folder, CancellationToken token)
    {
        if (connection is not null)
            return new RunLedger(connection, null);
        var cluster = await PrivateCluster.StartAsync(folder, ClusterDurability.Full, token);
        return new RunLedger(cluster.ConnectionString, cluster);
    }

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
