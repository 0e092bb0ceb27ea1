namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A folder that is written under another name and gets its own when it is complete, so that it never looks whole before it is.</summary>
internal sealed class StagedFolder : IDisposable
{
    private readonly string target;

    private StagedFolder(string target, string path) => (this.target, Path) = (target, path);

    /// <summary>Where to write meanwhile: <c>TARGET.partial</c>.</summary>
    public string Path { get; }

    /// <param name="folder">What it will be; made then. What it holds already stays.</param>
    /// <exception cref="IOException">It is a file, or another run is at it or left something behind.</exception>
    public static StagedFolder For(string folder)
    {
        var target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (File.Exists(target))
            throw new IOException($"{folder} is a file; expected a folder");
        var path = target + ".partial";
        if (Directory.Exists(path) || File.Exists(path))
            throw new IOException($"{path} is in the way: another run writes it, or one was killed; delete it if there is none");
        Directory.CreateDirectory(path);
        return new StagedFolder(target, path);
    }

    /// <summary>Gives it its name. Into a folder that exists everything is moved one by one, <c>config.json</c> last.</summary>
    public void Complete()
    {
        RemoveEmptyTarget();
        if (Directory.Exists(target))
            MoveInto(new DirectoryInfo(Path), target);
        else
            Directory.Move(Path, target);
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private void RemoveEmptyTarget()
    {
        if (!Directory.Exists(target) || Directory.EnumerateFileSystemEntries(target).Any())
            return;
        try
        {
            Directory.Delete(target);
        }
        catch (IOException)
        {
            // Where a disk is mounted; it gets its files one by one.
        }
    }

    private static void MoveInto(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in from.GetDirectories())
            MoveInto(folder, System.IO.Path.Combine(to, folder.Name));
        foreach (var file in from.GetFiles().OrderBy(file => file.Name == "config.json").ThenBy(file => file.Name, StringComparer.Ordinal))
            file.MoveTo(System.IO.Path.Combine(to, file.Name), overwrite: true);
    }
}
