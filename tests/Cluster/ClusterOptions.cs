namespace Pipeline.Tests.Cluster;

/// <summary>What a cluster consists of.</summary>
public sealed record ClusterOptions
{
    public int Orchestrators { get; init; } = 1;

    public int Workers { get; init; } = 1;

    /// <summary>A worker that is silent for that long has lost its shard. Short, so that tests need not wait.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Settings of all orchestrators beside those that follow from the cluster, such as <c>Dispatch__PerSlot</c>.</summary>
    public IReadOnlyDictionary<string, string> OrchestratorSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings of all workers beside those that follow from the cluster, such as <c>Worker__Engine</c>.</summary>
    public IReadOnlyDictionary<string, string> WorkerSettings { get; init; } = new Dictionary<string, string>();
}
