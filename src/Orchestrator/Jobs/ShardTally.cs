using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>How much lies in the shards of a job that are in one state and run the same variants: a handful of rows, whatever its size.</summary>
internal sealed record ShardTally(ShardState State, int FirstVariant, int Variants, int Shards, int Quarantined, long Samples, long Expressions)
{
    public static Task<List<ShardTally>> ReadAsync(LedgerContext ledger, Guid job, CancellationToken token) => ledger.Shards
        .Where(shard => shard.Job == job)
        .GroupBy(shard => new { shard.State, shard.FirstVariant, shard.Variants })
        .Select(shards => new ShardTally(
            shards.Key.State,
            shards.Key.FirstVariant,
            shards.Key.Variants,
            shards.Count(),
            shards.Count(shard => shard.Quarantined),
            shards.Sum(shard => (long)shard.Samples),
            shards.Sum(shard => (long)shard.Expressions)))
        .ToListAsync(token);

    public static ShardCounts Count(IReadOnlyList<ShardTally> tallies) => new(
        In(tallies, ShardState.Waiting),
        In(tallies, ShardState.Sent),
        In(tallies, ShardState.Done),
        In(tallies, ShardState.Split),
        tallies.Where(tally => tally.State == ShardState.Done).Sum(tally => (long)tally.Quarantined));

    /// <returns>Samples of which one variant's predictions are in the ledger.</returns>
    public static long SamplesDone(IEnumerable<ShardTally> tallies, int variant) => Done(tallies, variant).Sum(tally => tally.Samples);

    /// <returns>Expressions of which one variant's predictions are in the ledger.</returns>
    public static long ExpressionsDone(IEnumerable<ShardTally> tallies, int variant) => Done(tallies, variant).Sum(tally => tally.Expressions);

    private static IEnumerable<ShardTally> Done(IEnumerable<ShardTally> tallies, int variant) =>
        tallies.Where(tally => tally.State == ShardState.Done && tally.FirstVariant <= variant && variant < tally.FirstVariant + tally.Variants);

    private static long In(IEnumerable<ShardTally> tallies, ShardState state) => tallies.Where(tally => tally.State == state).Sum(tally => (long)tally.Shards);
}
