namespace Pipeline.Contracts.Api;

/// <summary>A job in a list.</summary>
public sealed record JobSummary
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>As in <see cref="JobStatus.State"/>.</summary>
    public required string State { get; init; }

    public bool Paused { get; init; }

    public int Priority { get; init; }

    /// <summary>Why it stopped.</summary>
    public string? Reason { get; init; }

    /// <summary>Samples in the manifest; 0 while planning.</summary>
    public long Samples { get; init; }

    /// <summary>Name of the API key that submitted it.</summary>
    public string? SubmittedBy { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
