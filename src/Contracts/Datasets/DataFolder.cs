using Pipeline.Contracts.Files;

namespace Pipeline.Contracts.Datasets;

/// <summary>A folder that a dataset's annotations name files in: nothing outside of it, nor outside of the roots, is ever opened.</summary>
/// <param name="path">Absolute.</param>
/// <param name="roots">Where links may lead.</param>
internal sealed class DataFolder(string path, DataRoots roots)
{
    private readonly string prefix = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    /// <param name="name">As an annotation has it; always relative to the folder.</param>
    /// <returns>What is wrong with it; null where it may be opened, or looked for.</returns>
    public string? Refuse(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            return "is no path";
        if (DataRoots.IsAddress(name))
            return $"'{name}' {DataRoots.AddressRefused}";
        if (Path.IsPathRooted(name) || !In(name).StartsWith(prefix, StringComparison.Ordinal))
            return $"'{name}' leads out of {path}; use a path inside it";
        return roots.Refuse(In(name)) is { } refusal ? $"'{name}' {refusal}" : null;
    }

    /// <returns>Absolute path of what has this name.</returns>
    public string In(string name) => Path.GetFullPath(name, prefix);

    /// <returns>Absolute path of a file or folder that belongs to the layout itself.</returns>
    /// <exception cref="InvalidDataException">It is a link that leads out of the roots.</exception>
    public string Require(string name) => Refuse(name) is { } refusal ? throw new InvalidDataException($"dataset.path: {refusal}") : In(name);
}
