namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>variants</c>.</summary>
internal sealed class VariantRow
{
    public Guid Job { get; init; }

    public int Index { get; init; }

    public required string Name { get; init; }

    public required string Method { get; init; }

    /// <summary>SHA-256 of the settings.</summary>
    public required string Hash { get; init; }

    /// <summary>0 for those the job was submitted with; then counted up with every addition.</summary>
    public int Round { get; init; }
}
