using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Tests.Cluster;

namespace Pipeline.Benchmarks;

/// <summary>Rows a second from announced shard results to the ledger, beside the same rows written by raw binary COPY into the same server.</summary>
/// <remarks>
/// The orchestrator stands still while workers fill its queue; then it takes everything in: messages, artifacts, checks, partials, transactions.
/// The raw COPY writes a transaction per shard into a table with the same keys: rows in memory by the driver's importer, and, as the bound of what
/// the server takes, bytes that it wrote itself.
/// </remarks>
public sealed class Ingest : IBenchmark
{
    private const int Variants = 8;
    private const int Samples = 50_000;
    private const int Shards = 100;
    private const int Started = 5;
    private const int WarmUp = 3;
    private const int Rounds = 5;

    /// <summary>As many as the orchestrator takes in at a time.</summary>
    private const int Connections = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public string Description => $"{Samples} samples x {Variants} variants in {Shards} shards; {Rounds} rounds, interleaved";

    public void Run(BenchmarkSession session) => RunAsync(session).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchmarkSession session)
    {
        var options = new ClusterOptions
        {
            Workers = 1,
            Lease = TimeSpan.FromMinutes(5),
            OrchestratorSettings = new Dictionary<string, string> { ["Dispatch__PerSlot"] = Shards.ToString(CultureInfo.InvariantCulture) },
            WorkerSettings = new Dictionary<string, string> { ["Worker__Engine"] = "seeded" },
        };
        await using var cluster = await Cluster.StartAsync(options, CancellationToken.None);
        List<double> ingest = [], rows = [], one = [], many = [];
        for (var round = 0; round < WarmUp; round++)
            await IngestAsync(cluster, $"warm-{round}");
        for (var round = 0; round < Rounds; round++)
        {
            var (job, rate) = await IngestAsync(cluster, $"ingest-{round}");
            ingest.Add(rate);
            var shards = await ReadShardsAsync(cluster, job);
            rows.Add(await ImportAsync(cluster, job));
            one.Add(await CopyAsync(cluster, shards, 1));
            many.Add(await CopyAsync(cluster, shards, Connections));
        }

        session.Record("ingest", "rows/s", ingest);
        session.Record("raw COPY of rows, one connection", "rows/s", rows);
        session.Record("raw COPY of bytes, one connection", "rows/s", one);
        session.Record($"raw COPY of bytes, {Connections} connections", "rows/s", many);
        session.Record("ingest / raw COPY of rows, one connection", "x", ingest.Zip(rows, (a, b) => a / b).ToArray());
        session.Record("ingest / raw COPY of bytes, one connection", "x", ingest.Zip(one, (a, b) => a / b).ToArray());
        session.Record($"ingest / raw COPY of bytes, {Connections} connections", "x", ingest.Zip(many, (a, b) => a / b).ToArray());
    }

    private static async Task<(Guid Job, double Rate)> IngestAsync(Cluster cluster, string name)
    {
        var body = $$"""
            dataset: { format: synthetic, count: {{Samples}}, size: 64, seed: 3, expressions: 1 }
            model: { checkpoint: {{Path.GetFullPath("models/demo")}}, device: cpu }
            variants: [none, { method: fastv, layer: 2, keep: [0.5, 0.25, 0.1] }, { method: uniform, keep: [0.5, 0.25, 0.1] }, { method: random, keep: 0.5 }]
            shards: { samples: {{Samples / Shards}} }
            outputs: { masks: none, overlays: 0 }
            """;
        var job = await new ClusterJobs(cluster).SubmitAsync(name, body, CancellationToken.None);
        // All are claimed at once and sent one after the other: by the time that some are done, all are sent.
        await UntilAsync(cluster, $"SELECT count(*) FROM shards WHERE job = '{job}' AND state = 'done'", Started);

        var orchestrator = cluster.Orchestrators[0].Id;
        Signals.Freeze(orchestrator);
        await AllAnnouncedAsync(cluster, job);
        var before = await CountAsync(cluster, $"SELECT coalesce(sum(predictions), 0)::bigint FROM partials WHERE job = '{job}'");
        var start = Stopwatch.GetTimestamp();
        Signals.Thaw(orchestrator);
        await UntilAsync(cluster, $"SELECT count(*) FROM shards WHERE job = '{job}' AND state = 'done'", Shards);
        return (job, ((Samples * Variants) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The worker uploads a result before it announces it, so the last one is announced when nothing runs any more.</summary>
    private static async Task AllAnnouncedAsync(Cluster cluster, Guid job)
    {
        var start = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        await using var connection = await cluster.ConnectToBrokerAsync(CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        while (await ResultsAsync() < Shards || (await channel.QueueDeclarePassiveAsync("shards")).MessageCount > 0)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{await ResultsAsync()} of {Shards} results were announced within {Patience.TotalMinutes} minutes.");
            await poll.WaitForNextTickAsync();
        }

        async Task<int> ResultsAsync() => await cluster.Artifacts.ListAsync(ArtifactNames.Results(job), CancellationToken.None).CountAsync();
    }

    /// <returns>Per shard its rows, as binary COPY writes them.</returns>
    private static async Task<IReadOnlyList<byte[]>> ReadShardsAsync(Cluster cluster, Guid job)
    {
        await using var connection = await cluster.Ledger.OpenConnectionAsync();
        var shards = new List<byte[]>();
        for (var shard = 0; shard < Shards; shard++)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM predictions_{job:N} WHERE shard = {shard}) TO STDOUT (FORMAT BINARY)");
            using var bytes = new MemoryStream();
            await copy.CopyToAsync(bytes);
            shards.Add(bytes.ToArray());
        }

        await using var create = new NpgsqlCommand($"DROP TABLE IF EXISTS raw_copy; CREATE TABLE raw_copy (LIKE predictions_{job:N} INCLUDING ALL)", connection);
        await create.ExecuteNonQueryAsync();
        return shards;
    }

    /// <returns>Rows a second.</returns>
    private static async Task<double> ImportAsync(Cluster cluster, Guid job)
    {
        var shards = new List<List<object[]>>();
        for (var shard = 0; shard < Shards; shard++)
        {
            shards.Add(await cluster.ListAsync(
                $"SELECT job, position, expression, variant, sample, shard, intersection, \"union\", visual_tokens, tokens, tflops, llm_milliseconds, total_milliseconds FROM predictions_{job:N} WHERE shard = {shard}",
                reader =>
                {
                    var values = new object[reader.FieldCount];
                    reader.GetValues(values);
                    return values;
                },
                CancellationToken.None));
        }

        await using (var truncate = cluster.Ledger.CreateCommand("TRUNCATE raw_copy"))
            await truncate.ExecuteNonQueryAsync();
        var start = Stopwatch.GetTimestamp();
        await using var connection = await cluster.Ledger.OpenConnectionAsync();
        foreach (var rows in shards)
            Import(connection, rows);
        return Samples * Variants / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Import(NpgsqlConnection connection, List<object[]> rows)
    {
        using var import = connection.BeginBinaryImport(
            "COPY raw_copy (job, position, expression, variant, sample, shard, intersection, \"union\", visual_tokens, tokens, tflops, llm_milliseconds, total_milliseconds) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            import.StartRow();
            import.Write((Guid)row[0]);
            import.Write((long)row[1]);
            import.Write((int)row[2]);
            import.Write((int)row[3]);
            import.Write((string)row[4]);
            import.Write((int)row[5]);
            import.Write((long)row[6]);
            import.Write((long)row[7]);
            import.Write((int[])row[8]);
            import.Write((int[])row[9]);
            import.Write((double)row[10]);
            import.Write((double)row[11]);
            import.Write((double)row[12]);
        }

        import.Complete();
    }

    /// <returns>Rows a second.</returns>
    private static async Task<double> CopyAsync(Cluster cluster, IReadOnlyList<byte[]> shards, int connections)
    {
        await using (var truncate = cluster.Ledger.CreateCommand("TRUNCATE raw_copy"))
            await truncate.ExecuteNonQueryAsync();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(first => Task.Run(async () =>
        {
            await using var connection = await cluster.Ledger.OpenConnectionAsync();
            for (var shard = first; shard < shards.Count; shard += connections)
            {
                await using var copy = await connection.BeginRawBinaryCopyAsync("COPY raw_copy FROM STDIN (FORMAT BINARY)");
                await copy.WriteAsync(shards[shard]);
            }
        })));
        return Samples * Variants / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Over one connection: to open one anew for every look would cost the server more than the look.</summary>
    private static async Task UntilAsync(Cluster cluster, string count, long expected)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = await cluster.Ledger.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(count, connection);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await command.ExecuteScalarAsync() is long found && found < expected)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{count} gave {found} after {Patience.TotalMinutes} minutes, not {expected}.");
            await poll.WaitForNextTickAsync();
        }
    }

    private static async Task<long> CountAsync(Cluster cluster, string query) => (await cluster.ListAsync(query, reader => reader.GetInt64(0), CancellationToken.None))[0];
}
