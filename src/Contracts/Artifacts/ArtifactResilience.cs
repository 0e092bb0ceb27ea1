namespace Pipeline.Contracts.Artifacts;

/// <summary>How the pipeline named <c>artifacts</c> treats a store that is slow, busy or away.</summary>
public sealed record ArtifactResilience
{
    public const string PipelineName = "artifacts";

    /// <summary>Further tries after the first.</summary>
    /// <value>Default 4: with growing delays some three seconds.</value>
    public int Retries { get; init; } = 4;

    /// <summary>Delay before the first further try; it doubles each time, with jitter.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest single try.</summary>
    /// <value>Default 60 s: a shard result of 50 MB at less than 1 MB/s.</value>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For how long nothing is tried once most tries fail, so that a store that comes back is not overrun.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries within ten seconds before a share of failures counts.</summary>
    /// <value>Default 10.</value>
    public int LeastTries { get; init; } = 10;
}
