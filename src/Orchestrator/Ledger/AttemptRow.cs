using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>attempts</c>.</summary>
internal sealed class AttemptRow
{
    public Guid Job { get; init; }

    public int Shard { get; init; }

    public int Attempt { get; init; }

    public AttemptState State { get; init; }

    public string? Worker { get; init; }

    public FaultClass? Fault { get; init; }

    public string? Stage { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset SentAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
