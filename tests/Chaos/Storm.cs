using Pipeline.Contracts.Artifacts;
using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos;

/// <summary>What faults have at hand: the cluster, a seeded choice, and patience.</summary>
internal sealed class Storm(Cluster cluster, Random random)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public Cluster Cluster { get; } = cluster;

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public void Shuffle<T>(T[] items) => random.Shuffle(items);

    /// <summary>Lets the others notice, or not: up to a second.</summary>
    public Task PauseAsync(CancellationToken token) => Task.Delay(random.Next(1000), token);

    /// <returns>Whether the condition came true in time.</returns>
    public static Task<bool> WithinAsync(TimeSpan limit, Func<bool> condition, CancellationToken token) => WithinAsync(limit, () => Task.FromResult(condition()), token);

    /// <inheritdoc cref="WithinAsync(TimeSpan, Func{bool}, CancellationToken)"/>
    public static async Task<bool> WithinAsync(TimeSpan limit, Func<Task<bool>> condition, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var poll = new PeriodicTimer(Step);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                return false;
            await poll.WaitForNextTickAsync(token);
        }

        return true;
    }

    public static Task FreezeAsync(IReadOnlyList<int> processes, TimeSpan time, CancellationToken token) =>
        WhileFrozenAsync(processes, () => Task.Delay(time, token));

    public static async Task WhileFrozenAsync(IReadOnlyList<int> processes, Func<Task> action)
    {
        foreach (var process in processes)
            Signals.Freeze(process);
        try
        {
            await action();
        }
        finally
        {
            foreach (var process in processes)
                Signals.Thaw(process);
        }
    }

    /// <returns>Names of results that lie in the store and that no finished shard points at.</returns>
    public async Task<IReadOnlyCollection<string>> UncountedResultsAsync(CancellationToken token)
    {
        var stored = new HashSet<string>();
        foreach (var job in await Cluster.RunningJobsAsync(token))
        {
            await foreach (var artifact in Cluster.Artifacts.ListAsync($"{ArtifactNames.Folder(job)}/results", token))
                stored.Add(artifact.Name);
        }

        stored.ExceptWith(await Cluster.CountedResultsAsync(token));
        return stored;
    }
}
