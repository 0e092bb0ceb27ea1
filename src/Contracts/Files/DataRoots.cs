using System.Text.RegularExpressions;

namespace Pipeline.Contracts.Files;

/// <summary>The folders in which what others name by path may lie: datasets, images, checkpoints. A link that leads out of them leads to nothing.</summary>
/// <remarks>Paths are judged before anything is opened, and a refusal never says whether there is something.</remarks>
public sealed partial class DataRoots
{
    private readonly string[] folders;

    /// <param name="folders">Absolute, or relative to the working folder.</param>
    /// <exception cref="InvalidDataException">A folder cannot be resolved.</exception>
    public DataRoots(IEnumerable<string> folders) => this.folders = [.. folders.Select(Resolve)];

    /// <summary>Everything on this machine, for its own user.</summary>
    public static DataRoots Everywhere { get; } = new(["/"]);

    /// <summary>Where relative paths start from, the first that holds something of that name.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <returns>What is wrong with the path and what would be right; null for a path that may be opened, or looked for.</returns>
    public string? Refuse(string path)
    {
        if (IsAddress(path))
            return AddressRefused;
        if (path.Contains('\0', StringComparison.Ordinal))
            return "is no path";
        if (folders.Length == 0)
            return "may not be read: this orchestrator has no data folders; its operator gives them as Data:Roots";
        return Candidates(path).Any(IsInside)
            ? null
            : "lies outside of the orchestrator's data folders; use a path inside them, or have its operator add the folder to Data:Roots";
    }

    /// <returns>The absolute paths it may stand for, best first; only those inside.</returns>
    internal IEnumerable<string> Find(string path) => Candidates(path).Where(IsInside);

    /// <summary>Looks like <c>http://...</c> or another address rather than a file.</summary>
    internal static bool IsAddress(string path) => Address().IsMatch(path);

    internal const string AddressRefused = "is an address; use a file or folder, nothing is fetched over a network";

    private IEnumerable<string> Candidates(string path) =>
        Path.IsPathRooted(path) ? [Path.GetFullPath(path)] : folders.Select(folder => Path.GetFullPath(path, folder));

    private bool IsInside(string path) => folders is ["/"] || RealPath.Of(path) is { } real && folders.Any(folder => Contains(folder, real));

    private static bool Contains(string folder, string path) =>
        path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Resolve(string folder) =>
        RealPath.Of(Path.GetFullPath(folder)) ?? throw new InvalidDataException($"{folder}: its links cannot be followed; give the folder itself.");

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\]{1,2}|^\s*[/\\]{2}[^/\\]|^\s*data:", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
