using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Postgres;

/// <summary>A PostgreSQL server of our own for several processes, with everything it owns in one folder.</summary>
/// <remarks>
/// It listens on 127.0.0.1 only and has one user with a random password. Port, password and data stay with the folder: a server that is
/// started again, also after it was killed, is the same server to its clients. An embedded run has a <see cref="PrivateCluster"/> instead.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Cluster cluster;
    private readonly PostgresSettings settings;
    private readonly ClusterDurability durability;

    private PostgresServer(Cluster cluster, PostgresSettings settings, ClusterDurability durability, string? notice)
    {
        this.cluster = cluster;
        this.settings = settings;
        this.durability = durability;
        Notice = notice;
    }

    /// <summary>The server's first process; another one after <see cref="RestartAsync"/>.</summary>
    public DetachedProcess Process { get; private set; } = null!;

    /// <summary>For clients, with user, password and the first database.</summary>
    public string ConnectionString => ConnectionTo(settings, Cluster.Database);

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port => settings.Port;

    /// <summary>What the user should know, such as that the data lie elsewhere than asked; null when there is nothing.</summary>
    public string? Notice { get; }

    /// <summary>Where the server writes what happens.</summary>
    public string Log => cluster.Log;

    /// <summary>Starts the server of a folder, which need not exist. A server of that folder that still runs is stopped first.</summary>
    /// <exception cref="ServerException">PostgreSQL is missing, its port is taken, or it does not start; the message says why.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, ClusterDurability durability, CancellationToken token)
    {
        var account = ClusterAccount.ForThisProcess();
        folder = Path.GetFullPath(folder);
        var (root, notice) = await account.ChooseFolderAsync(folder, token);
        var settings = PrivateFile.Read<PostgresSettings>(SettingsOf(folder));
        if (settings is null)
        {
            settings = PostgresSettings.Choose();
            PrivateFile.Write(SettingsOf(folder), settings);
        }

        var password = Path.Combine(root, "password");
        PrivateFile.Write(password, settings.Password);
        await account.GiveAsync(password, token);
        var cluster = await Cluster.OpenAsync(account, root, ["--auth=scram-sha-256", $"--pwfile={password}"], token);
        File.Delete(password);
        var server = new PostgresServer(cluster, settings, durability, notice);
        await server.LaunchAsync(token);
        return server;
    }

    /// <summary>The server of a folder, if it runs.</summary>
    public static async Task<PostgresServer?> FindAsync(string folder, ClusterDurability durability, CancellationToken token)
    {
        var account = ClusterAccount.ForThisProcess();
        folder = Path.GetFullPath(folder);
        var (root, notice) = await account.ChooseFolderAsync(folder, token);
        return Cluster.Running(root) is { } process && PrivateFile.Read<PostgresSettings>(SettingsOf(folder)) is { } settings
            ? new PostgresServer(Cluster.Of(account, root), settings, durability, notice) { Process = process }
            : null;
    }

    /// <summary>Removes a folder whose server does not run, and its data wherever they lie.</summary>
    public static async Task RemoveAsync(string folder, CancellationToken token)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            return;
        var (root, _) = await ClusterAccount.ForThisProcess().ChooseFolderAsync(folder, token);
        Directory.Delete(root, recursive: true);
        if (root != folder)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Makes an empty database, unless there is one of that name.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync(string name, CancellationToken token)
    {
        await Cluster.CreateDatabaseAsync(ConnectionTo(settings, "postgres"), name, token);
        return ConnectionTo(settings, name);
    }

    /// <summary>Starts the server anew on its port and with what it holds, whether it runs, was stopped or was killed.</summary>
    /// <exception cref="ServerException">It does not start.</exception>
    public async Task RestartAsync(CancellationToken token)
    {
        await cluster.ClearAsync(token);
        await LaunchAsync(token);
    }

    /// <summary>Ends connections and stops the server cleanly; a frozen one is killed after half a minute.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        if (!Process.IsRunning())
            return;
        Process.Thaw();
        try
        {
            await cluster.StopAsync(token).WaitAsync(Patience, token);
        }
        catch (TimeoutException)
        {
            await KillAsync(token);
        }
    }

    /// <summary>Ends the server as a crash of the machine would.</summary>
    public Task KillAsync(CancellationToken token) => Process.KillAsync(token);

    /// <summary>Stops the server if it still runs.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static string SettingsOf(string folder) => Path.Combine(folder, "server.json");

    private static string ConnectionTo(PostgresSettings settings, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = settings.Port,
        Username = Cluster.User,
        Password = settings.Password,
        Database = database,
        MaxPoolSize = 32,
    }.ConnectionString;

    private async Task LaunchAsync(CancellationToken token)
    {
        if (!LoopbackPort.IsFree(settings.Port))
            throw new ServerException($"Port {settings.Port} of the PostgreSQL server in {cluster.Folder} is taken by another process; end that, or remove the folder.");
        var options = string.Create(CultureInfo.InvariantCulture, $"-p {settings.Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200");
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await cluster.StartAsync(options, durability, token);
                break;
            }
            catch (ServerException) when (Stopwatch.GetElapsedTime(started) < Patience && cluster.WaitsForOldProcesses())
            {
                // The processes of a killed server notice its end one after the other.
                await Task.Delay(100, token);
            }
        }

        Process = Cluster.Running(cluster.Folder) ?? throw new ServerException($"PostgreSQL ended at once in {cluster.Folder}. Its log is {Log}.");
        await Cluster.CreateDatabaseAsync(ConnectionTo(settings, "postgres"), Cluster.Database, token);
    }
}
