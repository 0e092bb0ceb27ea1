using Pipeline.Servers;
using Pipeline.Servers.Processes;

namespace Pipeline.Cli.Local;

/// <summary>What <c>pipeline up</c> keeps in its folder: data and secrets of the servers, logs, and which processes run.</summary>
internal sealed class LocalFolder
{
    public const string Default = ".pipeline";

    private const UnixFileMode OwnerAndPassersBy =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public LocalFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string RabbitMq => In("rabbitmq");

    public string Postgres => In("postgres");

    public string Azurite => In("azurite");

    public string State => In("pipeline.json");

    public bool Exists => Directory.Exists(Path);

    public string Log(string process) => System.IO.Path.Combine(In("log"), $"{process}.log");

    /// <summary>Makes the folder. PostgreSQL runs as another account when this is root, so others may pass through, but not look.</summary>
    /// <exception cref="ServerException">This is no Unix.</exception>
    public void Make()
    {
        PrivateFile.MakeFolder(Path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, OwnerAndPassersBy);
        PrivateFile.MakeFolder(In("log"));
    }

    /// <summary>Takes the folder for this process, until it is disposed of or ends.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(In("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException($"Another 'pipeline up' or 'pipeline down' is at work in {Path}; wait for it to end.", error);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
