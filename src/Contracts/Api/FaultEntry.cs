namespace Pipeline.Contracts.Api;

/// <summary>One thing that went wrong with a job.</summary>
public sealed record FaultEntry
{
    /// <summary><c>failedAttempt</c>, <c>lostAttempt</c>, <c>quarantinedShard</c>, <c>failedPrediction</c> or <c>faultedMessage</c>.</summary>
    public required string Kind { get; init; }

    public DateTimeOffset? At { get; init; }

    public int? Shard { get; init; }

    public int? Attempt { get; init; }

    /// <summary>Name of the worker.</summary>
    public string? Worker { get; init; }

    /// <summary>Sample id.</summary>
    public string? Sample { get; init; }

    /// <summary>Index of the expression in its sample.</summary>
    public int? Expression { get; init; }

    /// <summary>Name of the variant.</summary>
    public string? Variant { get; init; }

    /// <summary>Where in the work it happened.</summary>
    public string? Stage { get; init; }

    public string? Reason { get; init; }
}
