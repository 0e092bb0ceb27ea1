using System.Globalization;

namespace Pipeline.TrainDemo.Training;

/// <summary>Means of the loss terms since the last progress line.</summary>
internal sealed class TermAverages
{
    private readonly SortedDictionary<string, (double Sum, int Count)> terms = new(StringComparer.Ordinal);

    public void Add(IEnumerable<(string Name, double Value)> values)
    {
        foreach (var (name, value) in values)
            terms[name] = terms.TryGetValue(name, out var so) ? (so.Sum + value, so.Count + 1) : (value, 1);
    }

    /// <summary>The means over all ranks; all begin anew.</summary>
    public static string Take(IReadOnlyList<TermAverages> ranks)
    {
        var means = ranks.SelectMany(rank => rank.terms)
            .GroupBy(term => term.Key, term => term.Value)
            .Select(term => string.Create(CultureInfo.InvariantCulture, $"{term.Key} {term.Sum(value => value.Sum) / term.Sum(value => value.Count):F3}"));
        var text = string.Join(' ', means);
        foreach (var rank in ranks)
            rank.terms.Clear();
        return text;
    }
}
