namespace Pipeline.Contracts.Text;

/// <summary>Guesses which known word a wrong one was meant to be.</summary>
public static class Suggestion
{
    /// <returns><c>; did you mean 'fastv'?</c>, or <c>; use a, b or c</c> where nothing known is near.</returns>
    public static string For(string word, IReadOnlyCollection<string> known)
    {
        var nearest = known
            .Select(candidate => (Word: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Min(word.Length, candidate.Word.Length) / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
        return nearest is not null ? $"; did you mean '{nearest}'?" : $"; use {OneOf(known)}";
    }

    /// <returns><c>a, b or c</c>.</returns>
    public static string OneOf(IReadOnlyCollection<string> words) => words.Count switch
    {
        0 => "nothing",
        1 => words.First(),
        _ => $"{string.Join(", ", words.SkipLast(1))} or {words.Last()}",
    };

    /// <summary>Levenshtein's distance with neighbouring letters that changed places as one edit.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8)
            return int.MaxValue;
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
