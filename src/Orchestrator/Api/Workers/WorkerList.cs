using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Api.Workers;

/// <summary>Reads what workers said of themselves and what they work on.</summary>
internal sealed class WorkerList(IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> dispatch, TimeProvider time)
{
    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<WorkerStatus>> ReadAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        var (shownSince, liveSince) = (now - Shown, now - dispatch.Value.WorkerTimeout);
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var rows = await ledger.Workers.AsNoTracking().Where(row => row.SeenAt > shownSince).OrderBy(row => row.Name).ThenBy(row => row.StartedAt).ToListAsync(token);
        var busy = await ledger.Shards
            .Where(row => row.State == ShardState.Sent && row.Worker != null)
            .GroupBy(row => row.Worker!)
            .Select(shards => new { Worker = shards.Key, Shards = shards.Count() })
            .ToDictionaryAsync(worker => worker.Worker, worker => worker.Shards, token);
        return [.. rows.Select(row => new WorkerStatus(
            row.Name,
            row.Queues,
            row.Slots,
            busy.GetValueOrDefault(row.Name),
            !row.Leaving && row.SeenAt > liveSince,
            row.Leaving,
            row.CodeVersion,
            row.Device,
            row.StartedAt,
            row.SeenAt))];
    }
}
