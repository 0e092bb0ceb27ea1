using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Tries again what failed in a job. One transaction: all of it waits again, or nothing changed.</summary>
internal sealed class JobRetry(IDbContextFactory<LedgerContext> ledgers, TimeProvider time)
{
    /// <summary>
    /// Reopens shards that were quarantined or have failed predictions, and shards of added variants over the same samples, since those are paired
    /// with what is measured anew. An ended job runs again; one that was never planned to its end is planned again.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    /// <exception cref="JobStateException">It is being planned or deleted.</exception>
    public async Task<RetryOutcome> RetryAsync(Guid id, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var job = await LockAsync(ledger, id, token);
        if (job.State is JobState.Planning or JobState.Deleting)
            throw JobStates.Wrong(job, "only a job that runs or has ended is tried again");
        var ended = job.State != JobState.Running;
        var unplanned = job.StartedAt is null;
        var reopened = await ReopenAsync(ledger, id, token);
        var shards = reopened.Count + (ended ? await WaitAnewAsync(ledger, id, reopened, token) : 0);
        if (ended && (shards > 0 || unplanned))
        {
            await ledger.Jobs.Where(row => row.Id == id).ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, unplanned ? JobState.Planning : JobState.Running)
                    .SetProperty(r => r.Paused, false)
                    .SetProperty(r => r.Reason, (string?)null)
                    .SetProperty(r => r.EndedAt, (DateTimeOffset?)null)
                    .SetProperty(r => r.SealedAt, (DateTimeOffset?)null),
                token);
        }

        // What these messages spoke of is done, or waits from now on.
        await ledger.Faults.Where(fault => fault.Job == id).ExecuteDeleteAsync(token);
        await transaction.CommitAsync(token);
        return new RetryOutcome(shards);
    }

    private static async Task<JobRow> LockAsync(LedgerContext ledger, Guid id, CancellationToken token) =>
        await ledger.Jobs.FromSql($"SELECT * FROM jobs WHERE id = {id} FOR NO KEY UPDATE").AsNoTracking().SingleOrDefaultAsync(token)
        ?? throw JobStates.Unknown(id);

    private async Task<List<int>> ReopenAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var reopened = await ledger.Database.SqlQuery<int>(
            $"""
            WITH failed AS (
                SELECT index, first, samples, first_variant FROM shards
                WHERE job = {job} AND state = 'done' AND (quarantined OR EXISTS (
                    SELECT 1 FROM partials WHERE partials.job = shards.job AND partials.shard = shards.index AND partials.failures > 0))
            )
            UPDATE shards
            SET state = 'waiting', fence = attempt, faults = 0, crashes = 0, losses = 0, failing_since = NULL, quarantined = false,
                result = NULL, result_sha256 = NULL, done_at = NULL, worker = NULL, lease_until = NULL, not_before = {now}
            WHERE job = {job} AND state <> 'split' AND EXISTS (
                SELECT 1 FROM failed
                WHERE failed.index = shards.index
                    OR (failed.first_variant = 0 AND shards.first_variant > 0
                        AND failed.first < shards.first + shards.samples AND shards.first < failed.first + failed.samples))
            RETURNING index AS "Value"
            """).ToListAsync(token);
        await ledger.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM predictions USING shards
            WHERE shards.job = {job} AND shards.index = ANY({reopened}) AND predictions.job = {job}
                AND predictions.position >= shards.first AND predictions.position < shards.first + shards.samples
                AND predictions.variant >= shards.first_variant AND predictions.variant < shards.first_variant + shards.variants
            """,
            token);
        await ledger.Attempts
            .Where(attempt => attempt.Job == job && reopened.Contains(attempt.Shard) && attempt.State == AttemptState.Sent)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, AttemptState.Released).SetProperty(r => r.EndedAt, now).SetProperty(r => r.Reason, "tried again"), token);
        await ledger.Partials.Where(partial => partial.Job == job && reopened.Contains(partial.Shard)).ExecuteDeleteAsync(token);
        await ledger.Merges.Where(merge => merge.Job == job).ExecuteDeleteAsync(token);
        await ledger.Partials.Where(partial => partial.Job == job && partial.Merged).ExecuteUpdateAsync(row => row.SetProperty(r => r.Merged, false), token);
        return reopened;
    }

    /// <returns>Shards that were left waiting when the job ended.</returns>
    private Task<int> WaitAnewAsync(LedgerContext ledger, Guid job, List<int> reopened, CancellationToken token)
    {
        var now = time.GetUtcNow();
        return ledger.Shards
            .Where(shard => shard.Job == job && shard.State == ShardState.Waiting && !reopened.Contains(shard.Index))
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.Faults, 0)
                    .SetProperty(r => r.Crashes, 0)
                    .SetProperty(r => r.Losses, 0)
                    .SetProperty(r => r.FailingSince, (DateTimeOffset?)null)
                    .SetProperty(r => r.NotBefore, now),
                token);
    }
}
