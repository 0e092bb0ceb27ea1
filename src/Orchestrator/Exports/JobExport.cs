using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Exports;

/// <summary>Writes all predictions of a job that are done, from its shard results. Memory holds one shard of each time variants were added.</summary>
internal sealed class JobExport(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts)
{
    private const int Chunk = 64 * 1024;

    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    /// <exception cref="FileNotFoundException">The job was never planned to its end.</exception>
    public async Task<ExportPlan> PlanAsync(Guid id, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var snapshot = await ledger.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, token);
        var row = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, token)
            ?? throw new KeyNotFoundException($"The ledger has no job {id}.");
        var shards = await ledger.Shards
            .Where(shard => shard.Job == id && shard.State == ShardState.Done)
            .OrderBy(shard => shard.First)
            .Select(shard => new ExportedShard(shard.First, shard.Samples, shard.Expressions, shard.FirstVariant, shard.Variants, shard.Result!, shard.ResultSha256!))
            .ToListAsync(token);
        var job = await JobArtifact.ReadAsync(artifacts, id, row.Round, token);
        var planned = job.Expressions * job.Spec.Variants.Count;
        var predictions = shards.Sum(shard => shard.Predictions);
        var header = new ExportHeader(
            ExportHeader.CurrentFormat,
            id,
            row.Name,
            row.State.ToString().ToLowerInvariant(),
            predictions < planned,
            predictions,
            planned,
            Enumerable.Range(0, job.Spec.Variants.Count).Min(variant => shards.Where(shard => Covers(shard, variant)).Sum(shard => (long)shard.Samples)),
            job.Samples,
            job.ManifestHash,
            row.Fingerprint ?? "",
            job.Spec.Variants);
        return new ExportPlan(header, shards);
    }

    /// <exception cref="InvalidDataException">A result is damaged; what was written is cut off there.</exception>
    /// <exception cref="FileNotFoundException">A result is gone: its shard was tried again, or the job deleted, meanwhile.</exception>
    public async Task WriteAsync(ExportPlan plan, Stream output, CancellationToken token)
    {
        await using var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        using var lines = new MemoryStream(2 * Chunk);
        WriteLine(lines, plan.Header);
        await foreach (var prediction in MergeAsync(plan.Shards, token))
        {
            WriteLine(lines, prediction);
            if (lines.Length >= Chunk)
                await PassOnAsync(lines, gzip, token);
        }

        await PassOnAsync(lines, gzip, token);
    }

    private static bool Covers(ExportedShard shard, int variant) => shard.FirstVariant <= variant && variant < shard.FirstVariant + shard.Variants;

    /// <summary>Shards of variants that were added later lie over the same samples as the first ones: their streams are merged.</summary>
    private async IAsyncEnumerable<Prediction> MergeAsync(IReadOnlyList<ExportedShard> shards, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var streams = shards.GroupBy(shard => shard.FirstVariant).Select(group => ReadAsync([.. group], token).GetAsyncEnumerator(token)).ToList();
        try
        {
            var open = new List<IAsyncEnumerator<PlacedPrediction>>();
            foreach (var stream in streams)
            {
                if (await stream.MoveNextAsync())
                    open.Add(stream);
            }

            while (open.Count > 0)
            {
                var next = open.Aggregate((first, other) => other.Current.IsBefore(first.Current) ? other : first);
                yield return next.Current.Prediction;
                if (!await next.MoveNextAsync())
                    open.Remove(next);
            }
        }
        finally
        {
            foreach (var stream in streams)
                await stream.DisposeAsync();
        }
    }

    private async IAsyncEnumerable<PlacedPrediction> ReadAsync(
        IReadOnlyList<ExportedShard> shards, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        foreach (var shard in shards)
        {
            var result = await ReadResultAsync(shard, token);
            var position = shard.First - 1;
            var sample = "";
            foreach (var prediction in result.Predictions)
            {
                if (prediction.Sample != sample)
                    (position, sample) = (position + 1, prediction.Sample);
                yield return new PlacedPrediction(position, prediction);
            }
        }
    }

    private async Task<ShardResult> ReadResultAsync(ExportedShard shard, CancellationToken token)
    {
        using var bytes = new MemoryStream();
        await using (var stream = await artifacts.OpenAsync(shard.Result, token))
        await using (var limited = new LimitedStream(stream, shard.Result, ShardResultFile.Largest))
            await limited.CopyToAsync(bytes, token);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        if (hash != shard.Sha256)
            throw new InvalidDataException($"{shard.Result} is not what was ingested: its SHA-256 is {hash}, expected {shard.Sha256}.");
        bytes.Position = 0;
        var result = await ShardResultFile.ReadAsync(bytes, shard.Result, token);
        return result.Predictions.Count == shard.Predictions
            ? result
            : throw new InvalidDataException($"{shard.Result} holds {result.Predictions.Count} predictions; its shard has {shard.Predictions}.");
    }

    private static void WriteLine<T>(MemoryStream lines, T value)
    {
        JsonSerializer.Serialize(lines, value, ContractsJson.Options);
        lines.WriteByte((byte)'\n');
    }

    private static async Task PassOnAsync(MemoryStream lines, GZipStream gzip, CancellationToken token)
    {
        await gzip.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), token);
        lines.SetLength(0);
    }
}
