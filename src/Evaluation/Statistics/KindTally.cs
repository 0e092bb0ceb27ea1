namespace Pipeline.Evaluation.Statistics;

/// <summary>Overlaps by kind of expression, as datasets name the kinds. Merged tallies are the same bit for bit in any order.</summary>
public sealed class KindTally
{
    /// <summary>Kinds that are told apart.</summary>
    public const int MostKinds = 32;

    /// <summary>Characters of a kind's name.</summary>
    public const int LongestKind = 40;

    private readonly SortedDictionary<string, OverlapSums> sums = new(StringComparer.Ordinal);

    /// <summary>Kinds of which a prediction was measured, in ordinal order.</summary>
    public IReadOnlyDictionary<string, OverlapSums> Sums => sums;

    internal void Add(string kind, MaskOverlap overlap) => Of(kind).Add(overlap);

    internal void Merge(KindTally other)
    {
        foreach (var (kind, sum) in other.sums)
            Of(kind).Merge(sum);
    }

    internal void Write(PartialWriter writer)
    {
        writer.Unsigned(sums.Count);
        foreach (var (kind, sum) in sums)
        {
            writer.Text(kind);
            sum.Write(writer);
        }
    }

    internal static KindTally Read(PartialReader reader)
    {
        var tally = new KindTally();
        for (var left = reader.Count(MostKinds); left > 0; left--)
            tally.Of(reader.Text(LongestKind)).Merge(OverlapSums.Read(reader));
        return tally;
    }

    private OverlapSums Of(string kind)
    {
        if (sums.TryGetValue(kind, out var known))
            return known;
        if (kind.Length is 0 or > LongestKind)
            throw new ArgumentException($"A kind of expression has 1 to {LongestKind} characters; '{kind}' has {kind.Length}.", nameof(kind));
        if (sums.Count == MostKinds)
            throw new ArgumentException($"'{kind}' is one kind of expression too many; {MostKinds} are told apart.", nameof(kind));
        return sums[kind] = new OverlapSums();
    }
}
