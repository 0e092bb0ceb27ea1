using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Poison;

/// <summary>Looks for shards that crashed workers too often (the ledger's column <c>poisoned</c> says when that is) and breaks them up: halves, down to the one sample that does it.</summary>
internal sealed class PoisonedShards(IDbContextFactory<LedgerContext> ledgers, ShardSplit split, SampleQuarantine quarantine, JobEndings endings)
{
    private const int AtOnce = 100;

    /// <returns>Shards that were split or quarantined.</returns>
    public async Task<int> TreatAsync(CancellationToken token)
    {
        var treated = 0;
        foreach (var shard in await FindAsync(token))
        {
            if (await TreatAsync(shard, token))
                treated++;
        }

        return treated;
    }

    private async Task<bool> TreatAsync(PoisonedShard shard, CancellationToken token)
    {
        try
        {
            return shard.Samples > 1 ? await split.SplitAsync(shard, token) : await quarantine.QuarantineAsync(shard, token);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            await endings.StopAsync(shard.Job, $"shard {shard.Index} crashed workers and cannot be broken up: {fault.Message}", token);
            return false;
        }
    }

    private async Task<IReadOnlyList<PoisonedShard>> FindAsync(CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Shards
            .Where(row => row.State == ShardState.Waiting && row.Poisoned)
            .Where(row => ledger.Jobs.Any(job => job.Id == row.Job && job.State == JobState.Running))
            .OrderBy(row => row.Job).ThenBy(row => row.Index)
            .Take(AtOnce)
            .Select(row => new PoisonedShard(
                row.Job, row.Index, row.Attempt, row.First, row.Skip, row.Samples, row.FirstVariant, row.Variants, row.Slice, row.SliceSha256, row.Crashes, row.Losses))
            .ToListAsync(token);
    }
}
