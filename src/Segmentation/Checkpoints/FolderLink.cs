namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Holds the files that an index names to its folder, also where they are symbolic links.</summary>
/// <remarks>Hugging Face's cache is the exception: <c>snapshots/REVISION</c> has nothing but links to <c>blobs</c>, two folders up.</remarks>
internal static class FolderLink
{
    // As Linux does.
    private const int MostLinks = 40;

    /// <returns>What is wrong; null where the file lies in the folder, is missing or is no link.</returns>
    public static string? Fault(string folder, string path)
    {
        if (new FileInfo(path).LinkTarget is null)
            return null;
        var name = Path.GetFileName(path);
        if (Real(path, MostLinks) is not { } target || Real(folder, MostLinks) is not { } root)
            return $"'{name}' is a link that leads nowhere";
        return Path.GetDirectoryName(target) == root || IsInCache(root, target)
            ? null
            : $"'{name}' is a link to {target}, outside of this folder; only files of the same folder are read: put the file itself there";
    }

    private static bool IsInCache(string root, string target) =>
        Path.GetDirectoryName(root) is { } snapshots
        && Path.GetFileName(snapshots) == "snapshots"
        && Path.GetDirectoryName(target) == Path.Combine(Path.GetDirectoryName(snapshots)!, "blobs");

    /// <returns>The path with no link left in it; null where it has too many.</returns>
    private static string? Real(string path, int links)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } above)
            return full;
        if (links == 0 || Real(above, links) is not { } parent)
            return null;
        var here = Path.Combine(parent, Path.GetFileName(full));
        return new FileInfo(here).LinkTarget is { } target ? Real(Path.Combine(parent, target), links - 1) : here;
    }
}
