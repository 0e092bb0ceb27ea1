using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A job's partials, most of them merged beforehand: a report adds the few that came since.</summary>
/// <remarks>Which partials a merge holds is marked on them in the transaction that writes it, so any snapshot counts each once.</remarks>
internal sealed class PartialMerge(IDbContextFactory<LedgerContext> ledgers)
{
    /// <summary>Partials a report reads by itself; from that many on they are merged.</summary>
    private const int Few = 256;

    /// <summary>Partials merged in one transaction.</summary>
    private const int Many = 4096;

    /// <param name="ledger">In a snapshot.</param>
    public static async Task<SweepAggregate> ReadAsync(LedgerContext ledger, Guid job, int variants, CancellationToken token)
    {
        var sweep = new SweepAggregate(variants);
        foreach (var row in await ledger.Merges.AsNoTracking().Where(row => row.Job == job).ToListAsync(token))
            sweep.Add(row.Variant, row.Digest, row.Content);
        await foreach (var row in Unmerged(ledger, job).AsAsyncEnumerable().WithCancellation(token))
            sweep.Add(row.Variant, row.Digest, row.Content);
        return sweep;
    }

    /// <summary>Merges what has come together of each job.</summary>
    public async Task MergeAsync(CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var jobs = await ledger.Partials.Where(row => !row.Merged)
            .GroupBy(row => row.Job)
            .Where(rows => rows.Count() >= Few)
            .Select(rows => rows.Key)
            .ToListAsync(token);
        foreach (var job in jobs)
            await MergeAsync(ledger, job, token);
    }

    private static IQueryable<PartialRow> Unmerged(LedgerContext ledger, Guid job) => ledger.Partials.AsNoTracking().Where(row => row.Job == job && !row.Merged);

    private static async Task MergeAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        await using var transaction = await ledger.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);

        // Whoever retries the job or merges it elsewhere holds this lock too.
        if ((await ledger.Jobs.FromSql($"SELECT * FROM jobs WHERE id = {job} FOR NO KEY UPDATE SKIP LOCKED").Select(row => row.Id).ToListAsync(token)).Count == 0)
            return;
        var sweep = new SweepAggregate(await ledger.Variants.CountAsync(variant => variant.Job == job, token));
        foreach (var row in await ledger.Merges.AsNoTracking().Where(row => row.Job == job).ToListAsync(token))
            sweep.Add(row.Variant, row.Digest, row.Content);
        var (shards, variants) = (new List<int>(), new List<int>());
        await foreach (var row in Unmerged(ledger, job).OrderBy(row => row.Shard).Take(Many).AsAsyncEnumerable().WithCancellation(token))
        {
            sweep.Add(row.Variant, row.Digest, row.Content);
            shards.Add(row.Shard);
            variants.Add(row.Variant);
        }

        await WriteAsync(ledger, job, sweep, token);
        await ledger.Database.ExecuteSqlAsync(
            $"""
            UPDATE partials SET merged = true FROM unnest({shards}, {variants}) AS done (shard, variant)
            WHERE partials.job = {job} AND partials.shard = done.shard AND partials.variant = done.variant
            """,
            token);
        await transaction.CommitAsync(token);
    }

    private static Task<int> WriteAsync(LedgerContext ledger, Guid job, SweepAggregate sweep, CancellationToken token)
    {
        var variants = Enumerable.Range(0, sweep.Partials.Count).ToArray();
        var digests = Bytes("digests", [.. variants.Select(sweep.DigestBytes)]);
        var contents = Bytes("contents", [.. sweep.Partials.Select(partial => partial.ToBytes())]);
        return ledger.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO merges (job, variant, digest, content)
            SELECT {job}, variant, digest, content FROM unnest({variants}, {digests}, {contents}) AS merged (variant, digest, content)
            ON CONFLICT (job, variant) DO UPDATE SET digest = excluded.digest, content = excluded.content
            """,
            token);
    }

    private static NpgsqlParameter Bytes(string name, byte[][] values) => new(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = values };
}
