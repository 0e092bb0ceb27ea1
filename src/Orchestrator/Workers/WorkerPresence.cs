using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Workers;

/// <summary>Knows which workers are there, from what they say of themselves.</summary>
internal sealed class WorkerPresence(IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> options, TimeProvider time)
{
    /// <summary>Rows of workers that were not seen for so long are removed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>Notes a worker; one that said it leaves stays gone, since a process that starts anew has another instance.</summary>
    /// <returns>True when something changed for the dispatcher: it is new, it goes, or it serves something else.</returns>
    public async Task<bool> NoteAsync(WorkerSeen seen, CancellationToken token)
    {
        var (now, queues) = (time.GetUtcNow(), seen.Queues.ToArray());
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var before = await ledger.Workers.AsNoTracking().SingleOrDefaultAsync(row => row.Instance == seen.Instance, token);
        await ledger.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO workers (instance, name, queues, slots, code_version, device, started_at, seen_at, leaving)
            VALUES ({seen.Instance}, {seen.Worker}, {queues}, {seen.Slots}, {seen.CodeVersion}, {seen.Device}, {now}, {now}, {seen.Leaving})
            ON CONFLICT (instance) DO UPDATE
            SET queues = excluded.queues, slots = excluded.slots, seen_at = greatest(workers.seen_at, excluded.seen_at), leaving = workers.leaving OR excluded.leaving
            """,
            token);
        return before is null || before.Leaving != seen.Leaving || before.Slots != seen.Slots || !before.Queues.SequenceEqual(queues) || before.SeenAt < now - options.Value.WorkerTimeout;
    }

    public async Task<LiveQueues> LiveAsync(CancellationToken token)
    {
        var since = time.GetUtcNow() - options.Value.WorkerTimeout;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var workers = await ledger.Workers.Where(row => !row.Leaving && row.SeenAt >= since).Select(row => new { row.Queues, row.Slots }).ToListAsync(token);
        var slots =
            from worker in workers
            from queue in worker.Queues
            group worker.Slots by queue;
        return new LiveQueues(slots.ToDictionary(queue => queue.Key, queue => queue.Sum()));
    }

    /// <summary>Forgets workers that went long ago.</summary>
    public async Task ForgetAsync(CancellationToken token)
    {
        var before = time.GetUtcNow() - Remembered;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await ledger.Workers.Where(row => row.SeenAt < before).ExecuteDeleteAsync(token);
    }
}
