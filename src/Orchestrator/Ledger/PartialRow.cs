namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>partials</c>: one variant's share of a shard, from which reports are merged.</summary>
internal sealed class PartialRow
{
    public Guid Job { get; init; }

    public int Shard { get; init; }

    public int Variant { get; init; }

    public long Predictions { get; init; }

    public long Failures { get; init; }

    /// <summary>Digest of its predictions, times left out.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>It is part of what <see cref="MergeRow"/> holds.</summary>
    public bool Merged { get; init; }

    /// <summary>The mergeable aggregates.</summary>
    public required byte[] Content { get; init; }
}
