namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The tensors of a checkpoint beside those of its architecture.</summary>
/// <param name="Path">File or folder.</param>
/// <param name="Missing">Names, ordinal order.</param>
/// <param name="Unexpected">Names that the architecture has no use for, without those that upstream checkpoints carry for nothing.</param>
/// <param name="Misshapen">Names with both shapes; also those that hold no floating numbers.</param>
public sealed record TensorComparison(string Path, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Misshapen)
{
    /// <summary>Nothing is missing or misshapen.</summary>
    public bool IsWhole => Missing.Count == 0 && Misshapen.Count == 0;

    /// <summary>What is missing and misshapen, for a message; and what is unexpected, which often tells why.</summary>
    public string Faults => string.Join(
        ". ",
        new (string Title, IReadOnlyList<string> Names)[] { ("missing", Missing), ("misshapen", Misshapen), ("unexpected", Unexpected) }
            .Where(kind => kind.Names.Count > 0)
            .Select(kind => $"{kind.Names.Count} {(kind.Names.Count == 1 ? "tensor is" : "tensors are")} {kind.Title}: {FaultList.Of(kind.Names)}"));

    /// <param name="checkpoint">Only headers are read.</param>
    /// <param name="expected">Shapes by name.</param>
    internal static TensorComparison Of(Checkpoint checkpoint, IReadOnlyDictionary<string, IReadOnlyList<long>> expected) => new(
        checkpoint.Path,
        [.. expected.Keys.Where(name => !checkpoint.Has(name)).Order(StringComparer.Ordinal)],
        [.. checkpoint.Names.Where(name => !expected.ContainsKey(name) && !Checkpoint.IsCarriedForNothing(name))],
        [
            .. expected.Keys.Where(name => checkpoint.Has(name) && !checkpoint.IsFloating(name)).Select(name => $"'{name}' has whole numbers; expected floating ones").Order(StringComparer.Ordinal),
            .. expected.Where(pair => checkpoint.Has(pair.Key) && !checkpoint.ShapeOf(pair.Key).SequenceEqual(pair.Value))
                .Select(pair => $"'{pair.Key}' has shape ({string.Join(", ", checkpoint.ShapeOf(pair.Key))}); expected ({string.Join(", ", pair.Value)})")
                .Order(StringComparer.Ordinal),
        ]);
}
