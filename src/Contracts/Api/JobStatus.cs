namespace Pipeline.Contracts.Api;

/// <summary>Where a job stands at one moment.</summary>
public sealed record JobStatus
{
    public required Guid Id { get; init; }

    /// <summary>What the user calls it.</summary>
    public required string Name { get; init; }

    /// <summary><c>planning</c>, <c>running</c>, <c>done</c>, <c>stopped</c> (too much failed), <c>cancelled</c> or <c>deleting</c>.</summary>
    public required string State { get; init; }

    /// <summary>Nothing of it is dispatched until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>-100 to 100; larger ones go first.</summary>
    public int Priority { get; init; }

    /// <summary>Why it stopped.</summary>
    public string? Reason { get; init; }

    /// <summary>Why nothing of it runs at this moment, such as that no worker is there; null while something runs.</summary>
    public string? Waiting { get; init; }

    /// <summary>Samples in the manifest; 0 while planning.</summary>
    public long Samples { get; init; }

    /// <summary>Samples whose predictions of all variants are done.</summary>
    public long SamplesDone { get; init; }

    /// <summary>Over the last minute or so; null until that can be said.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>At this rate; null until that can be said.</summary>
    public double? SecondsLeft { get; init; }

    public required ShardCounts Shards { get; init; }

    /// <summary>In the order of the job.</summary>
    public required IReadOnlyList<VariantStatus> Variants { get; init; }

    /// <summary>Name of the API key that submitted it.</summary>
    public string? SubmittedBy { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Nothing more will happen to it by itself.</summary>
    public bool Ended => State is "done" or "stopped" or "cancelled" or "deleting";
}
