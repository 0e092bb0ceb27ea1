namespace Pipeline.Contracts.Jobs;

/// <summary>One request: dataset x model x variants. Immutable once submitted; every list of the job file is already expanded.</summary>
public sealed record JobSpec
{
    /// <summary>What the user calls the job; letters, digits, '-', '_' and '.', at most 100.</summary>
    public required string Name { get; init; }

    public required DatasetSpec Dataset { get; init; }

    public required ModelSpec Model { get; init; }

    /// <summary>At least one, names unique, in the order of the job file.</summary>
    public required IReadOnlyList<VariantSpec> Variants { get; init; }

    public ShardSpec Shards { get; init; } = new();

    public OutputSpec Outputs { get; init; } = new();

    public FailureBudget Failures { get; init; } = new();
}
