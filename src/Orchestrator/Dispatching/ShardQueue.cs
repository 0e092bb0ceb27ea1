using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>The moves of a shard between waiting and sent. Each is one guarded statement, so that any number of callers may race.</summary>
internal sealed class ShardQueue(IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> options, TimeProvider time, Random jitter)
{
    /// <summary>Counts the next attempt of the shards that fit into the window, in the order jobs were submitted and shards lie in them.</summary>
    /// <param name="atMost">No more than these, whatever the window has room for.</param>
    public async Task<IReadOnlyList<ClaimedShard>> ClaimAsync(int atMost, CancellationToken token)
    {
        var (queue, window) = (options.Value.Queue, options.Value.Window);
        var now = time.GetUtcNow();
        var lease = now + options.Value.Lease;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var claimed = await ledger.Database.SqlQuery<ClaimedShard>(
            $"""
            WITH room AS (
                SELECT greatest(0, least({atMost}, {window} - count(*))) AS shards FROM shards WHERE queue = {queue} AND state = 'sent'
            ), next AS (
                SELECT shard.job, shard.index, jobs.epoch, jobs.round
                FROM jobs JOIN shards AS shard ON shard.job = jobs.id
                WHERE jobs.state = 'running' AND shard.state = 'waiting' AND NOT jobs.paused AND shard.not_before <= {now}
                ORDER BY jobs.submitted_at, jobs.id, shard.index
                LIMIT (SELECT shards FROM room)
                FOR UPDATE OF shard SKIP LOCKED
            ), taken AS (
                UPDATE shards AS shard
                SET state = 'sent', attempt = shard.attempt + 1, queue = {queue}, sent_at = {now}, lease_until = {lease}, worker = NULL
                FROM next WHERE shard.job = next.job AND shard.index = next.index AND shard.state = 'waiting'
                RETURNING shard.job, shard.index, shard.attempt, next.epoch, next.round, shard.slice, shard.skip, shard.samples, shard.first_variant, shard.variants
            ), counted AS (
                INSERT INTO attempts (job, shard, attempt, state, sent_at)
                SELECT job, index, attempt, 'sent', {now} FROM taken
            )
            SELECT job AS "Job", index AS "Index", attempt AS "Attempt", epoch AS "Epoch", round AS "Round", slice AS "Slice",
                skip AS "Skip", samples AS "Samples", first_variant AS "FirstVariant", variants AS "Variants"
            FROM taken
            """).ToListAsync(token);
        claimed.Sort((a, b) => a.Job == b.Job ? a.Index.CompareTo(b.Index) : 0);
        return claimed;
    }

    /// <summary>Takes a shard back without fault: it could not be sent, or its worker handed it back.</summary>
    /// <returns>False when this attempt is no longer the one in flight; nothing changed then.</returns>
    public Task<bool> ReleaseAsync(Guid job, int shard, int attempt, string reason, CancellationToken token) =>
        EndAttemptAsync(job, shard, attempt, new Ending(AttemptState.Released, null, null, null, reason), TimeSpan.Zero, token);

    /// <summary>Counts a fault and puts the shard back to wait out its back-off.</summary>
    /// <returns>Faults the shard has had, or null when this attempt is no longer the one in flight; nothing changed then.</returns>
    public async Task<int?> FailAsync(ShardFailed failed, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var faults = await ledger.Shards
            .Where(row => row.Job == failed.Job && row.Index == failed.Shard && row.Attempt == failed.Attempt)
            .Select(row => (int?)row.Faults).SingleOrDefaultAsync(token) + 1;
        if (faults is null)
            return null;
        var ending = new Ending(AttemptState.Failed, failed.Class, failed.Worker, failed.Stage, failed.Reason);
        return await EndAttemptAsync(failed.Job, failed.Shard, failed.Attempt, ending, BackOff(faults.Value), token) ? faults : null;
    }

    /// <summary>A sign of life: the lease begins anew.</summary>
    /// <returns>False when this attempt is no longer the one in flight.</returns>
    public async Task<bool> RenewAsync(ShardProgress progress, CancellationToken token)
    {
        DateTimeOffset? until = time.GetUtcNow() + options.Value.Lease;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Shards
            .Where(row => row.Job == progress.Job && row.Index == progress.Shard && row.State == ShardState.Sent && row.Attempt == progress.Attempt)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.LeaseUntil, until).SetProperty(r => r.Worker, progress.Worker), token) == 1;
    }

    private async Task<bool> EndAttemptAsync(Guid job, int shard, int attempt, Ending ending, TimeSpan wait, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var fault = ending.State == AttemptState.Failed ? 1 : 0;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var changed = await ledger.Shards
            .Where(row => row.Job == job && row.Index == shard && row.State == ShardState.Sent && row.Attempt == attempt)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, ShardState.Waiting)
                    .SetProperty(r => r.Faults, r => r.Faults + fault)
                    .SetProperty(r => r.NotBefore, now + wait)
                    .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
                    .SetProperty(r => r.Worker, (string?)null),
                token);
        if (changed == 0)
            return false;
        await ledger.Attempts
            .Where(row => row.Job == job && row.Shard == shard && row.Attempt == attempt && row.State == AttemptState.Sent)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, ending.State)
                    .SetProperty(r => r.Fault, ending.Fault)
                    .SetProperty(r => r.Worker, ending.Worker)
                    .SetProperty(r => r.Stage, ending.Stage)
                    .SetProperty(r => r.Reason, ending.Reason)
                    .SetProperty(r => r.EndedAt, now),
                token);
        await transaction.CommitAsync(token);
        return true;
    }

    private TimeSpan BackOff(int faults)
    {
        var doubled = options.Value.BackOff * Math.Pow(2, Math.Min(faults - 1, 30));
        var bounded = doubled < options.Value.LongestBackOff ? doubled : options.Value.LongestBackOff;
        return bounded * (0.5 + jitter.NextDouble());
    }

    private sealed record Ending(AttemptState State, FaultClass? Fault, string? Worker, string? Stage, string? Reason);
}
