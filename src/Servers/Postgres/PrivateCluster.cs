using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Pipeline.Servers.Postgres;

/// <summary>A PostgreSQL cluster of our own for one data folder: made on first use, started here, stopped on disposal.</summary>
/// <remarks>
/// It listens on a Unix socket in a folder that only its owner can enter, never on the network. One process owns a folder at a
/// time; a server that outlived a killed owner is stopped, then started anew, and PostgreSQL recovers from its log.
/// </remarks>
public sealed class PrivateCluster : IAsyncDisposable
{
    private const string User = "pipeline";
    private const string Database = "pipeline";
    private const string FallbackRoot = "/var/lib/pipeline";

    /// <summary>Longest socket folder: a socket's path has room for 107 bytes.</summary>
    private const int LongestSocketFolder = 107 - 16;

    private readonly ClusterAccount account;
    private readonly PostgresBinaries binaries;
    private readonly FileStream ownership;
    private readonly string socketFolder;
    private bool stopped;

    private PrivateCluster(ClusterAccount account, PostgresBinaries binaries, FileStream ownership, string folder, string socketFolder, string? notice)
    {
        this.account = account;
        this.binaries = binaries;
        this.ownership = ownership;
        this.socketFolder = socketFolder;
        Folder = folder;
        Notice = notice;
    }

    /// <summary>Where the cluster really lies.</summary>
    public string Folder { get; }

    /// <summary>What the user should know, such as that the cluster lies elsewhere than asked; null when there is nothing.</summary>
    public string? Notice { get; }

    /// <summary>For Npgsql.</summary>
    public string ConnectionString => ConnectionTo(Database);

    private string Data => DataOf(Folder);

    /// <summary>Makes the cluster if need be and starts it.</summary>
    /// <param name="folder">Folder of the cluster, absolute; need not exist.</param>
    /// <param name="durability">Whether commits survive a power cut.</param>
    /// <exception cref="ServerException">PostgreSQL is missing, the folder is in use, or the server does not start.</exception>
    public static async Task<PrivateCluster> StartAsync(string folder, ClusterDurability durability, CancellationToken token)
    {
        var account = ClusterAccount.ForThisProcess();
        var (root, notice) = await ChooseFolderAsync(account, Path.GetFullPath(folder), token);
        var ownership = Own(root);
        try
        {
            var data = DataOf(root);
            var versionFile = Path.Combine(data, "PG_VERSION");
            var binaries = PostgresBinaries.Find(File.Exists(versionFile) ? (await File.ReadAllTextAsync(versionFile, token)).Trim() : null);
            await InitialiseAsync(account, binaries, data, versionFile, token);
            await StaleServer.ClearAsync(account, binaries, data, token);
            var socketFolder = await MakeSocketFolderAsync(account, root, token);
            var cluster = new PrivateCluster(account, binaries, ownership, root, socketFolder, notice);
            await cluster.LaunchAsync(durability, token);
            return cluster;
        }
        catch
        {
            await ownership.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        ForgetConnections();
        try
        {
            await account.RunAsync(binaries.Program("pg_ctl"), ["stop", "-s", "-w", "-m", "fast", "-D", Data], CancellationToken.None);
        }
        finally
        {
            await ownership.DisposeAsync();
            Directory.Delete(socketFolder, recursive: true);
        }
    }

    private static string DataOf(string root) => Path.Combine(root, "data");

    private static async Task<(string Folder, string? Notice)> ChooseFolderAsync(ClusterAccount account, string wanted, CancellationToken token)
    {
        await account.MakeFolderAsync(wanted, token);
        if (await account.CanUseAsync(wanted, token))
        {
            return (wanted, null);
        }

        if (account.Name is null)
        {
            throw new ServerException($"{wanted} cannot be written; the ledger needs a folder that this account owns.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16];
        var instead = Path.Combine(FallbackRoot, hash);
        await account.MakeFolderAsync(instead, token);
        return (instead, $"PostgreSQL runs as {account.Name}, which cannot reach {wanted}; the ledger lies in {instead}.");
    }

    /// <summary>Takes the folder for this process; the kernel gives it back however the process ends.</summary>
    private static FileStream Own(string root)
    {
        var path = Path.Combine(root, "owner.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new ServerException($"The ledger in {root} is in use by another run; wait for it to end or choose another folder with --out.", error);
        }
    }

    private static async Task InitialiseAsync(ClusterAccount account, PostgresBinaries binaries, string data, string versionFile, CancellationToken token)
    {
        if (File.Exists(versionFile))
        {
            return;
        }

        // Made aside and renamed, so that a folder of this name is always a whole cluster.
        var fresh = data + ".new";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        await account.RunAsync(
            binaries.Program("initdb"),
            ["-D", fresh, "-U", User, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions"],
            token);
        Directory.Move(fresh, data);
    }

    private static async Task<string> MakeSocketFolderAsync(ClusterAccount account, string root, CancellationToken token)
    {
        var near = Path.Combine(root, "socket");
        if (Encoding.UTF8.GetByteCount(near) <= LongestSocketFolder)
        {
            await account.MakeFolderAsync(near, token);
            return near;
        }

        var far = Directory.CreateTempSubdirectory("pipeline-").FullName;
        await account.MakeFolderAsync(far, token);
        return far;
    }

    private async Task LaunchAsync(ClusterDurability durability, CancellationToken token)
    {
        var log = Path.Combine(Folder, "postgres.log");
        var quotedSocket = socketFolder.Replace("'", @"'\''", StringComparison.Ordinal);
        var safety = durability == ClusterDurability.None ? "-c fsync=off -c full_page_writes=off -c synchronous_commit=off" : "";
        try
        {
            await account.RunAsync(
                binaries.Program("pg_ctl"),
                ["start", "-s", "-w", "-t", "60", "-D", Data, "-l", log, "-o", $"-k '{quotedSocket}' -c listen_addresses='' -c unix_socket_permissions=0700 -c max_connections=64 {safety}"],
                token);
        }
        catch (ServerException error)
        {
            throw new ServerException($"PostgreSQL did not start in {Folder}. Its log {log} ends with:\n{Tail(log)}", error);
        }

        await CreateDatabaseAsync(token);
    }

    private async Task CreateDatabaseAsync(CancellationToken token)
    {
        ForgetConnections();
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(token);
        await using var exists = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'", connection);
        if (await exists.ExecuteScalarAsync(token) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await create.ExecuteNonQueryAsync(token);
        }
    }

    /// <summary>Pooled connections of this process may belong to an earlier server on the same socket.</summary>
    private void ForgetConnections()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = socketFolder,
        Username = User,
        Database = database,
        MaxPoolSize = 32,
    }.ConnectionString;

    private static string Tail(string log) =>
        File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(5)) : "(there is none)";
}
