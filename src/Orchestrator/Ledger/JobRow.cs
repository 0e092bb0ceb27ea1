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

    /// <summary>Larger ones go first.</summary>
    public int Priority { get; init; }

    /// <summary>Nothing of it is dispatched, whatever its state.</summary>
    public bool Paused { get; init; }

    /// <summary>How often it was halted: what was sent in an earlier epoch is dropped by workers.</summary>
    public int Epoch { get; init; }

    /// <summary>How often variants were added.</summary>
    public int Round { get; init; }

    /// <summary>The checkpoint as it was described when the job was submitted, as JSON.</summary>
    public string? Model { get; init; }

    /// <summary>The queue of workers that serve its model only.</summary>
    public string? Queue { get; init; }

    /// <summary>Name of the API key; null from the command line of an embedded run.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>When its orphan artifacts were swept, after its end.</summary>
    public DateTimeOffset? SealedAt { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
