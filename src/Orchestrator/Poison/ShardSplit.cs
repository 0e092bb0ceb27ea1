using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Artifacts;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Poison;

/// <summary>Makes two shards of one, so that the sample that crashes workers takes fewer neighbours along.</summary>
internal sealed partial class ShardSplit(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, TimeProvider time, ILogger<ShardSplit> log)
{
    /// <returns>False when the shard is no longer waiting to be split.</returns>
    /// <exception cref="InvalidDataException">Its manifest slice is damaged.</exception>
    public async Task<bool> SplitAsync(PoisonedShard shard, CancellationToken token)
    {
        var slice = await SliceArtifact.ReadAsync(artifacts, shard.Slice, shard.SliceSha256, token);
        var left = shard.Samples / 2;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);

        // Indexes are given out one job at a time.
        await ledger.Database.ExecuteSqlAsync($"SELECT 1 FROM jobs WHERE id = {shard.Job} FOR NO KEY UPDATE", token);
        var changed = await ledger.Shards
            .Where(row => row.Job == shard.Job && row.Index == shard.Index && row.State == ShardState.Waiting && row.Attempt == shard.Attempt && row.Poisoned)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, ShardState.Split), token);
        if (changed == 0)
            return false;
        var next = await ledger.Shards.Where(row => row.Job == shard.Job).MaxAsync(row => row.Index, token) + 1;
        ledger.Shards.Add(Half(next, 0, left));
        ledger.Shards.Add(Half(next + 1, left, shard.Samples - left));
        await ledger.SaveChangesAsync(token);
        await ledger.Jobs.Where(row => row.Id == shard.Job).ExecuteUpdateAsync(row => row.SetProperty(r => r.Shards, r => r.Shards + 1), token);
        await transaction.CommitAsync(token);
        LogSplit(shard.Index, shard.Job, shard.Crashes, shard.Losses, next, next + 1);
        return true;

        ShardRow Half(int index, int from, int samples) => new()
        {
            Job = shard.Job,
            Index = index,
            State = ShardState.Waiting,
            First = shard.First + from,
            Skip = shard.Skip + from,
            Samples = samples,
            Expressions = slice.Skip(shard.Skip + from).Take(samples).Sum(sample => sample.Expressions.Count),
            FirstVariant = shard.FirstVariant,
            Variants = shard.Variants,
            Parent = shard.Index,
            Slice = shard.Slice,
            SliceSha256 = shard.SliceSha256,
            NotBefore = time.GetUtcNow(),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job} crashed {Crashes} times and lost its worker {Losses} times; it is split into {Left} and {Right}")]
    private partial void LogSplit(int shard, Guid job, int crashes, int losses, int left, int right);
}
