using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Telemetry;

namespace Pipeline.Orchestrator.Workers;

/// <summary>Takes back shards that nobody works on: their worker vanished, or the broker lost their message. Any number of orchestrators may do so at once.</summary>
internal sealed partial class LostShards(
    IDbContextFactory<LedgerContext> ledgers, WorkerPresence workers, ShardQueue shards, IOptions<DispatchOptions> options, TimeProvider time, ILogger<LostShards> log)
{
    private const int AtOnce = 500;

    /// <summary>Sent shards that looked lost in the round before. One may just have gone from the queue into a worker's hands, whose first sign of life is still on its way; in the next round that is there.</summary>
    private HashSet<Sent> suspected = [];

    /// <summary>Ends the attempts whose lease ran out as lost.</summary>
    /// <returns>Shards that wait again.</returns>
    public async Task<int> TakeFromVanishedAsync(CancellationToken token)
    {
        var (now, lease) = (time.GetUtcNow(), options.Value.Lease);
        var reason = string.Create(CultureInfo.InvariantCulture, $"no sign of life for {lease.TotalSeconds:0.#} s");
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var lost = await ledger.Database.SqlQuery<Lost>(
            $"""
            WITH expired AS (
                SELECT job, index, attempt, worker FROM shards
                WHERE state = 'sent' AND worker IS NOT NULL AND lease_until < {now}
                LIMIT {AtOnce} FOR UPDATE SKIP LOCKED
            ), taken AS (
                UPDATE shards SET state = 'waiting', losses = losses + 1, worker = NULL, lease_until = NULL
                FROM expired WHERE shards.job = expired.job AND shards.index = expired.index
                RETURNING shards.job, shards.index, shards.attempt, shards.losses, expired.worker
            ), ended AS (
                UPDATE attempts SET state = 'lost', worker = taken.worker, reason = {reason}, ended_at = {now}
                FROM taken WHERE attempts.job = taken.job AND attempts.shard = taken.index AND attempts.attempt = taken.attempt
            )
            SELECT job AS "Job", index AS "Index", attempt AS "Attempt", losses AS "Losses", worker AS "Worker" FROM taken
            """).ToListAsync(token);
        foreach (var shard in lost)
        {
            OrchestratorTelemetry.LeaseLost();
            LogLost(shard.Index, shard.Job, shard.Attempt, shard.Worker, reason, shard.Losses);
        }

        return lost.Count;
    }

    /// <summary>Looks for sent shards that no worker took in a long time, and releases the attempts of those that are not in their queue any more.</summary>
    /// <param name="depth">Null where the transport loses nothing.</param>
    /// <returns>Shards that wait again.</returns>
    public async Task<int> TakeFromBrokerAsync(IQueueDepth? depth, CancellationToken token)
    {
        var now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var unclaimed = await ledger.Shards
            .Where(row => row.State == ShardState.Sent && row.Worker == null)
            .OrderBy(row => row.SentAt)
            .Select(row => new Sent(row.Job, row.Index, row.Attempt, row.Queue!, row.SentAt!.Value))
            .ToListAsync(token);
        var released = 0;
        var live = await workers.LiveAsync(token);
        HashSet<Sent> suspects = [];
        foreach (var queue in unclaimed.GroupBy(shard => shard.Queue))
        {
            var old = queue.Where(shard => shard.At < now - options.Value.Unclaimed).ToList();
            if (old.Count == 0)
                continue;
            if (live.SlotsOf(queue.Key) == 0)
            {
                released += await ReleaseAsync(old, "no worker takes from its queue any more", token);
            }
            else if (depth is not null)
            {
                // The queue may also hold messages of attempts that nobody waits for; then shards are found missing later, never wrongly.
                var missing = queue.Count() - await depth.ReadyAsync(queue.Key, token);
                var missed = old.Take((int)Math.Clamp(missing, 0, old.Count)).ToList();
                suspects.UnionWith(missed);
                released += await ReleaseAsync(missed.Where(suspected.Contains), "lost by the broker", token);
            }
        }

        suspected = suspects;
        return released;
    }

    private async Task<int> ReleaseAsync(IEnumerable<Sent> lost, string reason, CancellationToken token)
    {
        var released = 0;
        foreach (var shard in lost)
        {
            if (!await shards.ReleaseUnclaimedAsync(shard.Job, shard.Index, shard.Attempt, reason, token))
                continue;
            released++;
            LogReleased(shard.Index, shard.Job, shard.Attempt, reason);
        }

        return released;
    }

    private sealed record Sent(Guid Job, int Index, int Attempt, string Queue, DateTimeOffset At);

    private sealed record Lost(Guid Job, int Index, int Attempt, int Losses, string Worker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: attempt {Attempt} on {Worker} is lost, {Reason}; losses so far: {Losses}")]
    private partial void LogLost(int shard, Guid job, int attempt, string worker, string reason, int losses);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: attempt {Attempt} is taken back, {Reason}")]
    private partial void LogReleased(int shard, Guid job, int attempt, string reason);
}
