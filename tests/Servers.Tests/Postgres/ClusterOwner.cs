using Npgsql;
using Pipeline.Servers.Postgres;

namespace Pipeline.Servers.Tests.Postgres;

/// <summary>A process of its own that owns a cluster until it is killed. Started by a test, never by itself.</summary>
public sealed class ClusterOwner
{
    public const string FolderVariable = "PIPELINE_TEST_CLUSTER";

    [Fact(Explicit = true)]
    public async Task Holds_a_cluster_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} names the folder of the cluster.");
        await using var cluster = await PrivateCluster.StartAsync(folder, ClusterDurability.Full, TestContext.Current.CancellationToken);
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand("CREATE TABLE kept AS SELECT 42 AS value", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "committed"), "", TestContext.Current.CancellationToken);
        await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
    }
}
