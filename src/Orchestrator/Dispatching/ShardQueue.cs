using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Workers;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>The moves of a shard between waiting and sent. Each is one guarded statement, so that any number of callers may race.</summary>
internal sealed class ShardQueue(IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> options, TimeProvider time, Random jitter)
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(5);

    /// <summary>Counts the next attempt of the shards that fit into a queue's window: those of the highest priority first, and among equals of the job that has the fewest in flight.</summary>
    /// <param name="live">Where workers are; a job goes to the queue of its model when one is there for it, else to the general one.</param>
    /// <param name="queue">One of those queues.</param>
    /// <param name="atMost">No more than these, whatever the window has room for.</param>
    /// <returns>In the order in which they are to be sent; none when another orchestrator is choosing for this queue.</returns>
    /// <remarks>Shards of added variants wait until what they are compared with is done. Costs the window and the running jobs, not their shards. Jobs are share-locked, so that a pause waits for the choice or the choice for the pause.</remarks>
    public async Task<IReadOnlyList<ClaimedShard>> ClaimAsync(LiveQueues live, string queue, int atMost, CancellationToken token)
    {
        var window = Math.Min(options.Value.Window, options.Value.PerSlot * live.SlotsOf(queue));
        var (general, served, now) = (options.Value.Queue, live.Names, time.GetUtcNow());
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        if (!await ledger.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(hashtextextended({queue}, 1)) AS \"Value\"").SingleAsync(token))
            return [];
        var claimed = await ledger.Database.SqlQuery<ClaimedShard>(
            $"""
            WITH room AS (
                SELECT greatest(0, least({atMost}, {window} - count(*))) AS shards FROM shards WHERE queue = {queue} AND state = 'sent'
            ), eligible AS (
                SELECT id, epoch, round, priority, submitted_at FROM jobs
                WHERE state = 'running' AND NOT paused AND (SELECT shards FROM room) > 0
                    AND CASE WHEN queue = ANY({served}) THEN queue ELSE {general} END = {queue}
                FOR SHARE SKIP LOCKED
            ), loaded AS (
                SELECT eligible.*, (SELECT count(*) FROM shards WHERE shards.job = eligible.id AND shards.state = 'sent') AS in_flight,
                    round > 0 AND EXISTS (SELECT 1 FROM shards WHERE shards.job = eligible.id AND first_variant = 0 AND state IN ('waiting', 'sent')) AS base_open
                FROM eligible
            ), next AS (
                SELECT waiting.job, waiting.index, loaded.epoch, loaded.round,
                    row_number() OVER (ORDER BY loaded.priority DESC, loaded.in_flight + waiting.place, loaded.submitted_at, loaded.id, waiting.index) AS turn
                FROM loaded CROSS JOIN LATERAL (
                    SELECT first.job, first.index, row_number() OVER (ORDER BY first.index) AS place
                    FROM (
                        SELECT job, index FROM shards
                        WHERE shards.job = loaded.id AND shards.state = 'waiting' AND NOT shards.poisoned AND shards.not_before <= {now}
                            AND (shards.first_variant = 0 OR NOT loaded.base_open)
                        ORDER BY index LIMIT (SELECT shards FROM room)
                    ) AS first
                ) AS waiting
                ORDER BY turn LIMIT (SELECT shards FROM room)
            ), taken AS (
                UPDATE shards AS shard
                SET state = 'sent', attempt = shard.attempt + 1, queue = {queue}, sent_at = {now}, lease_until = NULL, worker = NULL
                FROM next WHERE shard.job = next.job AND shard.index = next.index AND shard.state = 'waiting'
                RETURNING shard.job, shard.index, shard.attempt, next.epoch, next.round, next.turn, shard.slice, shard.skip, shard.samples, shard.first_variant, shard.variants
            ), counted AS (
                INSERT INTO attempts (job, shard, attempt, state, sent_at)
                SELECT job, index, attempt, 'sent', {now} FROM taken
            )
            SELECT job AS "Job", index AS "Index", attempt AS "Attempt", epoch AS "Epoch", round AS "Round", slice AS "Slice",
                skip AS "Skip", samples AS "Samples", first_variant AS "FirstVariant", variants AS "Variants"
            FROM taken ORDER BY turn
            """).ToListAsync(token);
        await transaction.CommitAsync(token);
        return claimed;
    }

    /// <summary>Takes a shard back without fault: its worker handed it back.</summary>
    /// <returns>False when this attempt is no longer the one in flight; nothing changed then.</returns>
    public Task<bool> ReleaseAsync(Guid job, int shard, int attempt, string reason, CancellationToken token) =>
        EndAttemptAsync(InFlight(job, shard, attempt), new Ending(AttemptState.Released, null, null, null, reason), TimeSpan.Zero, token);

    /// <summary>Takes a shard back without fault: it could not be sent, or its message is gone.</summary>
    /// <returns>False when this attempt is no longer the one in flight, or a worker has it after all; nothing changed then.</returns>
    public Task<bool> ReleaseUnclaimedAsync(Guid job, int shard, int attempt, string reason, CancellationToken token) => EndAttemptAsync(
        InFlight(job, shard, attempt) with { Unclaimed = true }, new Ending(AttemptState.Released, null, null, null, reason), TimeSpan.Zero, token);

    /// <summary>Counts a fault and puts the shard back to wait out its back-off; after a crash of the inference process alone it waits for nothing.</summary>
    /// <returns>What the shard has been through, or null when this attempt is no longer the one in flight; nothing changed then.</returns>
    public async Task<ShardTrouble?> FailAsync(ShardFailed failed, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var known = await ledger.Shards
            .Where(row => row.Job == failed.Job && row.Index == failed.Shard && row.Attempt == failed.Attempt)
            .Select(row => new { row.Faults, row.FailingSince }).SingleOrDefaultAsync(token);
        if (known is null)
            return null;
        var (faults, now) = (known.Faults + 1, time.GetUtcNow());
        var ending = new Ending(AttemptState.Failed, failed.Class, failed.Worker, failed.Stage, failed.Reason);
        var wait = failed.Class == FaultClass.Crash ? TimeSpan.Zero : BackOff(options.Value.BackOff, faults);
        return await EndAttemptAsync(InFlight(failed.Job, failed.Shard, failed.Attempt), ending, wait, token) ? new ShardTrouble(faults, now - (known.FailingSince ?? now)) : null;
    }

    /// <summary>Takes a shard back that a worker cannot run, without a fault; it waits longer each time, for another worker may come.</summary>
    /// <returns>False when this attempt is no longer the one in flight; nothing changed then.</returns>
    public async Task<bool> RefuseAsync(ShardFailed refused, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var before = await ledger.Attempts.CountAsync(row => row.Job == refused.Job && row.Shard == refused.Shard && row.Fault == FaultClass.Refused, token);
        var ending = new Ending(AttemptState.Released, FaultClass.Refused, refused.Worker, refused.Stage, refused.Reason);
        return await EndAttemptAsync(InFlight(refused.Job, refused.Shard, refused.Attempt), ending, BackOff(AfterRefusal, before + 1), token);
    }

    /// <summary>A sign of life: the lease begins anew, and the worker is known from now on.</summary>
    /// <returns>False when this attempt is no longer the one in flight.</returns>
    public async Task<bool> RenewAsync(ShardProgress progress, CancellationToken token)
    {
        DateTimeOffset? until = time.GetUtcNow() + options.Value.Lease;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Shards
            .Where(row => row.Job == progress.Job && row.Index == progress.Shard && row.State == ShardState.Sent && row.Attempt == progress.Attempt)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.LeaseUntil, until).SetProperty(r => r.Worker, progress.Worker), token) == 1;
    }

    /// <returns>True when nobody waits for this attempt any more, and its work did not count either.</returns>
    public async Task<bool> IsObsoleteAsync(ShardProgress progress, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return !await ledger.Attempts.AnyAsync(
            row => row.Job == progress.Job && row.Shard == progress.Shard && row.Attempt == progress.Attempt && (row.State == AttemptState.Sent || row.State == AttemptState.Done), token);
    }

    private async Task<bool> EndAttemptAsync(Held held, Ending ending, TimeSpan wait, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var failed = ending.State == AttemptState.Failed;
        var (crash, fault) = failed && ending.Fault == FaultClass.Crash ? (1, 0) : (0, failed ? 1 : 0);
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var changed = await ledger.Shards
            .Where(row => row.Job == held.Job && row.Index == held.Shard && row.State == ShardState.Sent && row.Attempt == held.Attempt)
            .Where(row => !held.Unclaimed || row.Worker == null)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, ShardState.Waiting)
                    .SetProperty(r => r.Faults, r => r.Faults + fault)
                    .SetProperty(r => r.Crashes, r => r.Crashes + crash)
                    .SetProperty(r => r.FailingSince, r => failed ? r.FailingSince ?? now : r.FailingSince)
                    .SetProperty(r => r.NotBefore, now + wait)
                    .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
                    .SetProperty(r => r.Worker, (string?)null),
                token);
        if (changed == 0)
            return false;
        await ledger.Attempts
            .Where(row => row.Job == held.Job && row.Shard == held.Shard && row.Attempt == held.Attempt && row.State == AttemptState.Sent)
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

    private TimeSpan BackOff(TimeSpan first, int faults)
    {
        var doubled = first * Math.Pow(2, Math.Min(faults - 1, 30));
        var bounded = doubled < options.Value.LongestBackOff ? doubled : options.Value.LongestBackOff;
        return bounded * (0.5 + jitter.NextDouble());
    }

    private static Held InFlight(Guid job, int shard, int attempt) => new(job, shard, attempt, Unclaimed: false);

    /// <param name="Unclaimed">Only while no worker was seen with it.</param>
    private sealed record Held(Guid Job, int Shard, int Attempt, bool Unclaimed);

    private sealed record Ending(AttemptState State, FaultClass? Fault, string? Worker, string? Stage, string? Reason);
}
