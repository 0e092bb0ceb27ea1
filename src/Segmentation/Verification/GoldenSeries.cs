using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Segmentation.Verification;

/// <summary>Series of tensors, found by name.</summary>
internal static class GoldenSeries
{
    /// <param name="names">All names of a file.</param>
    /// <param name="pattern">Name with <c>*</c> for each number.</param>
    /// <returns>Those that match, by their numbers.</returns>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Numbers)> Find(IEnumerable<string> names, string pattern)
    {
        var expression = new Regex($"^{Regex.Escape(pattern).Replace("\\*", "(\\d{1,6})", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
        return
        [
            .. names.Select(name => expression.Match(name))
                .Where(match => match.Success)
                .Select(match => (Name: match.Value, Numbers: (IReadOnlyList<int>)[.. match.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))]))
                .OrderBy(entry => entry.Numbers, Comparer<IReadOnlyList<int>>.Create((left, right) => left.Zip(right, (a, b) => a.CompareTo(b)).FirstOrDefault(order => order != 0))),
        ];
    }
}
