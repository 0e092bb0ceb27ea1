using System.Security.Cryptography;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;

namespace Pipeline.Chaos.Audit;

/// <summary>Looks at a finished job from outside: at the ledger's rows with SQL of its own, and at the artifacts they point at.</summary>
internal sealed class JobAudit(NpgsqlDataSource ledger, IArtifactStore artifacts, Guid job, Verdict verdict)
{
    private readonly string name = job.ToString()[^6..];

    public async Task RunAsync(CancellationToken token)
    {
        var variants = await ScalarAsync<long>("SELECT count(*) FROM variants WHERE job = $1", token);
        var rows = await ReadRowsAsync(token);
        await CompareWithManifestAsync(rows, variants, token);
        await CompareWithArtifactsAsync(rows, token);
        await RequireNothingInFlightAsync(token);
        verdict.Jobs++;
        verdict.Predictions += rows.Count;
    }

    /// <summary>Every sample x expression x variant of the manifest has exactly one row.</summary>
    private async Task CompareWithManifestAsync(Dictionary<Key, Row> rows, long variants, CancellationToken token)
    {
        var unseen = new HashSet<Key>(rows.Keys);
        await foreach (var slice in SlicesAsync(token))
        {
            await using var stream = await artifacts.OpenAsync(slice, token);
            foreach (var sample in await ManifestSlice.ReadAsync(stream, slice, token))
            {
                for (var expression = 0; expression < sample.Expressions.Count; expression++)
                {
                    for (var variant = 0; variant < variants; variant++)
                    {
                        var key = new Key(sample.Id, expression, variant);
                        if (!unseen.Remove(key))
                            verdict.Losses.Add($"job {name}: {key} has no prediction");
                    }
                }
            }
        }

        verdict.Duplicates.AddRange(unseen.Select(key => $"job {name}: {key} is in no slice of the manifest"));
    }

    /// <summary>Each shard that is done points at an artifact of the hash it names, which holds the very numbers of the rows.</summary>
    private async Task CompareWithArtifactsAsync(Dictionary<Key, Row> rows, CancellationToken token)
    {
        var covered = 0;
        var referenced = new HashSet<string>();
        foreach (var (shard, result, sha256) in await ResultsAsync(token))
        {
            referenced.Add(result);
            if (await ReadAsync(result, token) is not { } bytes)
            {
                verdict.WrongNumbers.Add($"job {name}: {result} of shard {shard} is missing");
                continue;
            }

            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            {
                verdict.WrongNumbers.Add($"job {name}: {result} of shard {shard} has another hash than the ledger says");
                continue;
            }

            using var stream = new MemoryStream(bytes);
            foreach (var prediction in (await ShardResultFile.ReadAsync(stream, result, token)).Predictions)
            {
                covered++;
                var key = new Key(prediction.Sample, prediction.Expression, prediction.Variant);
                if (!rows.TryGetValue(key, out var row) || row != Row.Of(prediction, shard))
                    verdict.WrongNumbers.Add($"job {name}: {key} is {row} in the ledger and {Row.Of(prediction, shard)} in {result}");
            }
        }

        if (covered != rows.Count)
            verdict.WrongNumbers.Add($"job {name}: {rows.Count} rows, but {covered} predictions in the artifacts of done shards");
    }

    private async Task RequireNothingInFlightAsync(CancellationToken token)
    {
        foreach (var (what, query) in new[]
        {
            ("shards sent or leased", "SELECT count(*) FROM shards WHERE job = $1 AND (state IN ('waiting', 'sent') OR lease_until IS NOT NULL)"),
            ("attempts in flight", "SELECT count(*) FROM attempts WHERE job = $1 AND state = 'sent'"),
        })
        {
            if (await ScalarAsync<long>(query, token) is > 0 and var count)
                verdict.LeftOver.Add($"job {name}: {count} {what}");
        }
    }

    private async Task<Dictionary<Key, Row>> ReadRowsAsync(CancellationToken token)
    {
        await using var command = ledger.CreateCommand(
            """SELECT sample, expression, variant, shard, fault, intersection, "union", tflops FROM predictions WHERE job = $1""");
        command.Parameters.Add(new() { Value = job });
        await using var reader = await command.ExecuteReaderAsync(token);
        var rows = new Dictionary<Key, Row>();
        while (await reader.ReadAsync(token))
        {
            var key = new Key(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2));
            var row = new Row(
                reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6),
                reader.GetDouble(7));
            if (!rows.TryAdd(key, row))
                verdict.Duplicates.Add($"job {name}: {key} has two predictions");
        }

        return rows;
    }

    /// <summary>The slices of the manifest, once each, in order.</summary>
    private async IAsyncEnumerable<string> SlicesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        await using var command = ledger.CreateCommand("SELECT DISTINCT slice FROM shards WHERE job = $1 ORDER BY slice");
        command.Parameters.Add(new() { Value = job });
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            yield return reader.GetString(0);
    }

    private async Task<List<(int Shard, string Result, string Sha256)>> ResultsAsync(CancellationToken token)
    {
        await using var command = ledger.CreateCommand("SELECT index, result, result_sha256 FROM shards WHERE job = $1 AND state = 'done'");
        command.Parameters.Add(new() { Value = job });
        await using var reader = await command.ExecuteReaderAsync(token);
        var results = new List<(int, string, string)>();
        while (await reader.ReadAsync(token))
            results.Add((reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return results;
    }

    private async Task<byte[]?> ReadAsync(string artifact, CancellationToken token)
    {
        try
        {
            await using var stream = await artifacts.OpenAsync(artifact, token);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, token);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task<T> ScalarAsync<T>(string query, CancellationToken token)
    {
        await using var command = ledger.CreateCommand(query);
        command.Parameters.Add(new() { Value = job });
        return (T)(await command.ExecuteScalarAsync(token))!;
    }

    private readonly record struct Key(string Sample, int Expression, int Variant);

    private readonly record struct Row(int Shard, string? Fault, long? Intersection, long? Union, double Tflops)
    {
        public static Row Of(Prediction prediction, int shard) => new(
            shard,
            prediction.Failure?.Class.ToString().ToLowerInvariant(),
            prediction.Overlap?.Intersection,
            prediction.Overlap?.Union,
            prediction.Tflops);
    }
}
