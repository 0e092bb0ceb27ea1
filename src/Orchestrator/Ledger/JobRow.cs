namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>jobs</c>.</summary>
internal sealed class JobRow
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public JobState State { get; init; }

    /// <summary>Why the job stopped.</summary>
    public string? Reason { get; init; }

    /// <summary>The resolved specification as JSON.</summary>
    public required string Spec { get; init; }

    public string? ManifestHash { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>Samples in the manifest; 0 while planning.</summary>
    public long Samples { get; init; }

    /// <summary>Expressions in the manifest; 0 while planning.</summary>
    public long Expressions { get; init; }

    /// <summary>Shards it was cut into; 0 while planning.</summary>
    public int Shards { get; init; }

    /// <summary>Most failed predictions it bears; follows from its failure budget and its size.</summary>
    public long FailuresBorne { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
