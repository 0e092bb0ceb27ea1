namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>shards</c>.</summary>
internal sealed class ShardRow
{
    public Guid Job { get; init; }

    public int Index { get; init; }

    public ShardState State { get; init; }

    /// <summary>The newest attempt, counted before it is sent; the fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts that ended in a fault, crashes left out.</summary>
    public int Faults { get; init; }

    /// <summary>Attempts whose process died or hung in the hands of a worker that lived on.</summary>
    public int Crashes { get; init; }

    /// <summary>Attempts whose worker vanished.</summary>
    public int Losses { get; init; }

    /// <summary>It cost so many attempts that it is to be split or quarantined and not to be sent; the ledger says when that is.</summary>
    public bool Poisoned { get; init; }

    /// <summary>Position of its first sample in the manifest.</summary>
    public long First { get; init; }

    public int Samples { get; init; }

    public int Expressions { get; init; }

    /// <summary>Samples of the manifest slice before its first; 0 unless it is part of a shard that was split.</summary>
    public int Skip { get; init; }

    /// <summary>Index of the first of its variants.</summary>
    public int FirstVariant { get; init; }

    /// <summary>Variants it runs, from that one on.</summary>
    public int Variants { get; init; }

    /// <summary>The shard that it is a half of.</summary>
    public int? Parent { get; init; }

    /// <summary>It crashed too often as a single sample: its predictions are recorded as failed.</summary>
    public bool Quarantined { get; init; }

    /// <summary>Attempts up to this one count no more: it was reopened after them.</summary>
    public int Fence { get; init; }

    /// <summary>When its first fault was since it was planned or reopened.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Name of the manifest slice.</summary>
    public required string Slice { get; init; }

    /// <summary>SHA-256 of the manifest slice.</summary>
    public required string SliceSha256 { get; init; }

    /// <summary>Queue that its newest attempt was sent to.</summary>
    public string? Queue { get; init; }

    /// <summary>When its newest attempt was sent.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Not dispatched before; later than now while backing off.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Until when the worker that holds it is believed alive.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Who works on it or did it; null while a sent shard was not seen in any worker's hands.</summary>
    public string? Worker { get; init; }

    /// <summary>Name of the result that counts.</summary>
    public string? Result { get; init; }

    public string? ResultSha256 { get; init; }

    public DateTimeOffset? DoneAt { get; init; }
}
