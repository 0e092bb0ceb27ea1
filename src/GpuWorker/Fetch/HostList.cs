using System.Text.RegularExpressions;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>The hosts that an operator allows.</summary>
/// <param name="entries">As <see cref="FetchOptions.Hosts"/>.</param>
internal sealed partial class HostList(IReadOnlyList<string> entries)
{
    private const string Any = "*";
    private const string Below = "*.";

    /// <param name="host">Name or address, as <see cref="Uri.IdnHost"/> gives it.</param>
    public bool Allows(string host)
    {
        var name = host.TrimEnd('.');
        return entries.Any(entry => entry == Any
            || (entry.StartsWith(Below, StringComparison.Ordinal)
                ? name.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase) && name.Length >= entry.Length
                : name.Equals(entry, StringComparison.OrdinalIgnoreCase)));
    }

    public static bool IsEntry(string entry) => entry == Any || Entry().IsMatch(entry);

    [GeneratedRegex(@"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
