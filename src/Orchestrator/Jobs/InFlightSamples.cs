using System.Collections.Concurrent;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>How far the shards in flight are, for display only. Holds a window of shards at most.</summary>
internal sealed class InFlightSamples
{
    private readonly ConcurrentDictionary<(Guid Job, int Shard), (int Attempt, int Samples)> shards = new();

    /// <summary>A message that was overtaken by a newer one changes nothing.</summary>
    public void Report(ShardProgress progress) => shards.AddOrUpdate(
        (progress.Job, progress.Shard),
        (progress.Attempt, progress.Samples),
        (_, known) => (progress.Attempt, progress.Samples).CompareTo(known) > 0 ? (progress.Attempt, progress.Samples) : known);

    /// <summary>Forgets everything about shards that are not in flight any more.</summary>
    /// <returns>Samples done in those that are.</returns>
    public long Sum(Guid job, IReadOnlyCollection<int> inFlight)
    {
        var sum = 0L;
        foreach (var (shard, progress) in shards)
        {
            if (shard.Job != job)
                continue;
            if (inFlight.Contains(shard.Shard))
                sum += progress.Samples;
            else
                shards.TryRemove(shard, out _);
        }

        return sum;
    }
}
