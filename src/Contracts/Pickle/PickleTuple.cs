namespace Pipeline.Contracts.Pickle;

/// <summary>A Python tuple.</summary>
/// <param name="Items">Plain values, as <see cref="PickleReader"/> describes them.</param>
public sealed record PickleTuple(IReadOnlyList<object?> Items);
