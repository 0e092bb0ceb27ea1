namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>faults</c>: a message that could not be handled.</summary>
internal sealed class FaultRow
{
    public Guid Id { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Queue { get; init; }

    public Guid? Job { get; init; }

    public int? Shard { get; init; }

    /// <summary>The message as it came, cut off at 64 KiB.</summary>
    public required string Body { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset At { get; init; }
}
