using System.Globalization;
using System.Text;
using Npgsql;

namespace Pipeline.Tests.Cluster;

/// <summary>Questions to the ledger from outside.</summary>
public static class ClusterLedger
{
    public static Task<List<Guid>> RunningJobsAsync(this Cluster cluster, CancellationToken token) =>
        cluster.ListAsync("SELECT id FROM jobs WHERE state = 'running'", reader => reader.GetGuid(0), token);

    /// <returns>Names of the results that count.</returns>
    public static Task<List<string>> CountedResultsAsync(this Cluster cluster, CancellationToken token) =>
        cluster.ListAsync("SELECT result FROM shards WHERE result IS NOT NULL", reader => reader.GetString(0), token);

    public static async Task<IReadOnlyDictionary<string, long>> AttemptsByStateAsync(this Cluster cluster, CancellationToken token)
    {
        var states = await cluster.ListAsync(
            "SELECT state, count(*) FROM attempts GROUP BY state ORDER BY state", reader => (State: reader.GetString(0), Count: reader.GetInt64(1)), token);
        return states.ToDictionary(state => state.State, state => state.Count);
    }

    /// <returns>A job's shards that are not done and its last faults, for a message.</returns>
    public static async Task<string> DescribeAsync(this Cluster cluster, Guid job, CancellationToken token)
    {
        var text = new StringBuilder();
        foreach (var line in await cluster.ListAsync(
            $"SELECT concat_ws(' ', 'shard', index, state, 'attempt', attempt, 'crashes', crashes, 'losses', losses, 'worker', worker, 'lease', lease_until, 'not before', not_before) FROM shards WHERE job = '{job}' AND state NOT IN ('done', 'split') ORDER BY index LIMIT 10",
            reader => reader.GetString(0),
            token))
        {
            text.AppendLine(line);
        }

        foreach (var line in await cluster.ListAsync(
            $"SELECT concat_ws(' ', 'attempt', shard, attempt, state, fault, worker, stage, reason) FROM attempts WHERE job = '{job}' AND state <> 'done' ORDER BY sent_at DESC LIMIT 10",
            reader => reader.GetString(0),
            token))
        {
            text.AppendLine(line);
        }

        foreach (var host in cluster.Orchestrators.Concat(cluster.Workers))
            text.AppendLine(CultureInfo.InvariantCulture, $"--- {host.Name}, {(host.IsRunning ? "running" : "gone")}:\n{host.Tail()}");
        return text.ToString();
    }

    public static async Task<List<T>> ListAsync<T>(this Cluster cluster, string query, Func<NpgsqlDataReader, T> read, CancellationToken token)
    {
        await using var command = cluster.Ledger.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync(token);
        var rows = new List<T>();
        while (await reader.ReadAsync(token))
            rows.Add(read(reader));
        return rows;
    }
}
