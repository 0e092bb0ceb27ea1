using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Manifests;

/// <summary>The splits by the names they have in files and on command lines: in lower case.</summary>
public static class SyntheticSplits
{
    private static readonly string[] InOrder = [.. Enum.GetValues<SyntheticSplit>().Select(split => split.ToString().ToLowerInvariant())];

    /// <summary>In <see cref="SyntheticSplit"/>'s order.</summary>
    public static IReadOnlyList<string> Names => InOrder;

    /// <exception cref="ArgumentOutOfRangeException">There is no such split.</exception>
    public static string Name(SyntheticSplit split) => Enum.IsDefined(split)
        ? InOrder[(int)split]
        : throw new ArgumentOutOfRangeException(nameof(split), split, $"A scene's split is {Suggestion.OneOf(InOrder)}.");

    /// <exception cref="FormatException">There is no such split; the message says which there are.</exception>
    public static SyntheticSplit Parse(string name) => Array.IndexOf(InOrder, name) is >= 0 and var index
        ? (SyntheticSplit)index
        : throw new FormatException($"'{name}' is not a split of the synthetic scenes{Suggestion.For(name, InOrder)}");
}
