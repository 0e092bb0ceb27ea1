namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Finds what a job file names: from the current directory if it is there, otherwise from the file's own folder.</summary>
internal sealed class PathLocator(string folder)
{
    /// <returns>Absolute path of a file or folder that exists; null where there is none.</returns>
    public string? Find(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            return null;
        string[] candidates = [Path.GetFullPath(path), Path.GetFullPath(path, Path.GetFullPath(folder))];
        return candidates.FirstOrDefault(Path.Exists);
    }
}
