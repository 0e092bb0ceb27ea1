using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Servers.Postgres;

[assembly: AssemblyFixture(typeof(LedgerFixture))]
[assembly: SupportedOSPlatform("linux")]

namespace Pipeline.Orchestrator.Tests.Support;

/// <summary>One real PostgreSQL cluster for all tests, started for the first that wants it; each test gets a database of its own.</summary>
public sealed class LedgerFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SemaphoreSlim starting = new(1, 1);
    private PrivateCluster? cluster;
    private int databases;

    /// <summary>A migrated, empty ledger.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewLedgerAsync()
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            cluster ??= await StartAsync();
        }
        finally
        {
            starting.Release();
        }

        var name = $"ledger_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE pipeline", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return ConnectionTo(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
        starting.Dispose();
    }

    /// <summary>With a migrated database that all others are copied from.</summary>
    private async Task<PrivateCluster> StartAsync()
    {
        var started = await PrivateCluster.StartAsync(folder.Path, ClusterDurability.None, TestContext.Current.CancellationToken);
        var options = new DbContextOptionsBuilder<LedgerContext>().UseNpgsql(started.ConnectionString).Options;
        await using var ledger = new LedgerContext(options);
        await ledger.Database.MigrateAsync(TestContext.Current.CancellationToken);
        await using var connection = new NpgsqlConnection(started.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
        return started;
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(cluster!.ConnectionString) { Database = database, MaxPoolSize = 10 }.ConnectionString;
}
