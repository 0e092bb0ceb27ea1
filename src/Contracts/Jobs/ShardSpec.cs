namespace Pipeline.Contracts.Jobs;

/// <summary>How the manifest is cut.</summary>
public sealed record ShardSpec
{
    /// <summary>Samples per shard. A shard should take about a minute.</summary>
    /// <value>Default 64.</value>
    public int Samples { get; init; } = 64;
}
