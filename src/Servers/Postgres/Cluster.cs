using Npgsql;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Postgres;

/// <summary>A PostgreSQL data folder and the server over it.</summary>
internal sealed class Cluster
{
    public const string User = "pipeline";
    public const string Database = "pipeline";

    private readonly ClusterAccount account;
    private readonly PostgresBinaries binaries;

    private Cluster(ClusterAccount account, PostgresBinaries binaries, string folder)
    {
        this.account = account;
        this.binaries = binaries;
        Folder = folder;
    }

    public string Folder { get; }

    public string Log => Path.Combine(Folder, "postgres.log");

    private string Data => DataOf(Folder);

    /// <summary>Makes the data folder if need be; a server of an earlier owner that still runs on it is stopped.</summary>
    /// <param name="folder">Belongs to the account.</param>
    /// <param name="authentication">Arguments of <c>initdb</c>.</param>
    public static async Task<Cluster> OpenAsync(ClusterAccount account, string folder, string[] authentication, CancellationToken token)
    {
        var data = DataOf(folder);
        var versionFile = Path.Combine(data, "PG_VERSION");
        var binaries = PostgresBinaries.Find(File.Exists(versionFile) ? (await File.ReadAllTextAsync(versionFile, token)).Trim() : null);
        if (!File.Exists(versionFile))
            await InitialiseAsync(account, binaries, data, authentication, token);
        await StaleServer.ClearAsync(account, binaries, data, token);
        return new Cluster(account, binaries, folder);
    }

    /// <summary>A cluster that is there.</summary>
    public static Cluster Of(ClusterAccount account, string folder) =>
        new(account, PostgresBinaries.Find(File.ReadAllText(Path.Combine(DataOf(folder), "PG_VERSION")).Trim()), folder);

    /// <summary>The running server; null when there is none.</summary>
    public static DetachedProcess? Running(string folder) => StaleServer.Running(DataOf(folder));

    /// <summary>Starts the server and waits until it takes connections.</summary>
    /// <param name="options">Of the <c>postgres</c> command.</param>
    /// <exception cref="ServerException">It does not start; the message carries the end of its log.</exception>
    public async Task StartAsync(string options, ClusterDurability durability, CancellationToken token)
    {
        var safety = durability == ClusterDurability.None ? " -c fsync=off -c full_page_writes=off -c synchronous_commit=off" : "";
        try
        {
            await account.RunAsync(binaries.Program("pg_ctl"), ["start", "-s", "-w", "-t", "60", "-D", Data, "-l", Log, "-o", options + safety], token);
        }
        catch (ServerException error)
        {
            throw new ServerException($"PostgreSQL did not start in {Folder}. Its log {Log} ends with:\n{LogTail.Of(Log)}", error);
        }
    }

    /// <summary>Whether the last start failed because processes of a killed server still hold its memory.</summary>
    public bool WaitsForOldProcesses() => LogTail.Of(Log).Contains("shared memory block", StringComparison.Ordinal);

    /// <summary>Ends connections and stops the server cleanly.</summary>
    public Task StopAsync(CancellationToken token) => account.RunAsync(binaries.Program("pg_ctl"), ["stop", "-s", "-w", "-m", "fast", "-D", Data], token);

    /// <summary>Stops a server that an earlier owner left, or removes what it left.</summary>
    public Task ClearAsync(CancellationToken token) => StaleServer.ClearAsync(account, binaries, Data, token);

    /// <param name="connection">To another database of the server.</param>
    public static async Task CreateDatabaseAsync(string connection, string name, CancellationToken token)
    {
        await using var server = new NpgsqlConnection(connection + ";Pooling=false");
        await server.OpenAsync(token);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = @name", server);
        exists.Parameters.AddWithValue("name", name);
        if (await exists.ExecuteScalarAsync(token) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", server);
            await create.ExecuteNonQueryAsync(token);
        }
    }

    private static string DataOf(string folder) => Path.Combine(folder, "data");

    private static async Task InitialiseAsync(ClusterAccount account, PostgresBinaries binaries, string data, string[] authentication, CancellationToken token)
    {
        // Made aside and renamed, so that a folder of this name is always a whole cluster.
        var fresh = data + ".new";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        await account.RunAsync(binaries.Program("initdb"), ["-D", fresh, "-U", User, "--encoding=UTF8", "--no-locale", "--no-instructions", .. authentication], token);
        Directory.Move(fresh, data);
    }
}
