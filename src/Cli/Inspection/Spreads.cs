namespace Pipeline.Cli.Inspection;

/// <summary>Finds where values lie.</summary>
internal static class Spreads
{
    /// <param name="values">Sorted afterwards.</param>
    /// <returns>Null of no values.</returns>
    public static Spread<double>? Of(List<float> values)
    {
        if (values.Count == 0)
            return null;
        values.Sort();
        return new Spread<double>(values[0], values[(values.Count - 1) / 2], values[^1]);
    }

    /// <param name="counts">How often there is each value.</param>
    /// <returns>Null of no values.</returns>
    public static Spread<int>? Of(SortedDictionary<int, long> counts)
    {
        if (counts.Count == 0)
            return null;
        var left = (counts.Values.Sum() + 1) / 2;
        var median = counts.First(entry => (left -= entry.Value) <= 0).Key;
        return new Spread<int>(counts.First().Key, median, counts.Last().Key);
    }
}
