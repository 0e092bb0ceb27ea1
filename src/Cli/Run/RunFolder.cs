namespace Pipeline.Cli.Run;

/// <summary>The folder of one run: artifacts, ledger and report. One process has it at a time; the kernel gives it back however that ends.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string RecordFile = "run.json";
    private const string LockFile = "run.lock";
    private const int DifferencesShown = 10;

    private static readonly string[] BeforeTheRecord = [LockFile, $"{RecordFile}.new"];

    private readonly FileStream ownership;

    private RunFolder(string path, FileStream ownership, RunRecord record, bool begun)
    {
        Path = path;
        this.ownership = ownership;
        Record = record;
        Begun = begun;
    }

    public string Path { get; }

    public RunRecord Record { get; }

    /// <summary>An earlier process began the run.</summary>
    public bool Begun { get; }

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    public string Ledger => System.IO.Path.Combine(Path, "ledger");

    public string Report(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Takes a new folder for a run, or one in which this very run was begun.</summary>
    /// <exception cref="InvalidDataException">The folder holds something else, is in use, or its run was begun with another job, checkpoint or program: the message says in what they differ.</exception>
    public static RunFolder Open(string path, RunRecord asked)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
            throw new InvalidDataException($"{path} is a file; --out names a folder.");
        var record = System.IO.Path.Combine(path, RecordFile);
        var begun = File.Exists(record);
        if (!begun && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !BeforeTheRecord.Contains(System.IO.Path.GetFileName(entry))))
            throw new InvalidDataException($"{path} is not empty and holds no run; give another folder with --out, or remove it.");
        Directory.CreateDirectory(path);
        var ownership = Own(path);
        try
        {
            if (!begun)
                asked.Write(record);
            return new RunFolder(path, ownership, begun ? TheSame(path, RunRecord.Read(record), asked) : asked, begun);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    public void Dispose() => ownership.Dispose();

    private static FileStream Own(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new InvalidDataException($"{path} is in use by another run; wait for it to end or choose another folder with --out.", fault);
        }
    }

    private static RunRecord TheSame(string path, RunRecord before, RunRecord asked)
    {
        var differences = before.DifferencesTo(asked);
        if (differences.Count == 0)
            return before;
        var more = differences.Count > DifferencesShown ? $"\n  and {differences.Count - DifferencesShown} more" : "";
        throw new InvalidDataException(
            $"{path} holds a run that was begun differently; give another folder with --out, or undo the change:\n  {string.Join("\n  ", differences.Take(DifferencesShown))}{more}");
    }
}
