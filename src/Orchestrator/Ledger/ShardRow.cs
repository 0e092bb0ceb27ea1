namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>shards</c>.</summary>
internal sealed class ShardRow
{
    public Guid Job { get; init; }

    public int Index { get; init; }

    public ShardState State { get; init; }

    /// <summary>The newest attempt, counted before it is sent; the fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts that ended in a fault.</summary>
    public int Faults { get; init; }

    /// <summary>Position of its first sample in the manifest.</summary>
    public long First { get; init; }

    public int Samples { get; init; }

    public int Expressions { get; init; }

    /// <summary>Name of the manifest slice.</summary>
    public required string Slice { get; init; }

    /// <summary>SHA-256 of the manifest slice.</summary>
    public required string SliceSha256 { get; init; }

    /// <summary>Queue that serves it.</summary>
    public required string Queue { get; init; }

    /// <summary>Not dispatched before; later than now while backing off.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Until when the worker that holds it is believed alive.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    public string? Worker { get; init; }

    /// <summary>Name of the result that counts.</summary>
    public string? Result { get; init; }

    public string? ResultSha256 { get; init; }

    public DateTimeOffset? DoneAt { get; init; }
}
