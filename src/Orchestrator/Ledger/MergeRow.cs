namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>merges</c>: what the partials of one variant amount to that are marked as merged.</summary>
internal sealed class MergeRow
{
    public Guid Job { get; init; }

    public int Variant { get; init; }

    public required byte[] Digest { get; init; }

    /// <summary>The mergeable aggregates.</summary>
    public required byte[] Content { get; init; }
}
