namespace Pipeline.Cli.Run;

/// <summary>The folder of one run: artifacts, ledger and report.</summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    public string Ledger => System.IO.Path.Combine(Path, "ledger");

    public string Report(string file) => System.IO.Path.Combine(Path, file);

    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    public static RunFolder Claim(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
            throw new InvalidDataException($"{path} is a file; --out names a folder.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InvalidDataException($"{path} is not empty; give another folder with --out, or remove it.");
        Directory.CreateDirectory(path);
        return new RunFolder(path);
    }
}
