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
    /// <summary>Longest socket folder: a socket's path has room for 107 bytes.</summary>
    private const int LongestSocketFolder = 107 - 16;

    private readonly Cluster cluster;
    private readonly FileStream ownership;
    private readonly string socketFolder;
    private bool stopped;

    private PrivateCluster(Cluster cluster, FileStream ownership, string socketFolder, string? notice)
    {
        this.cluster = cluster;
        this.ownership = ownership;
        this.socketFolder = socketFolder;
        Notice = notice;
    }

    /// <summary>Where the cluster really lies.</summary>
    public string Folder => cluster.Folder;

    /// <summary>What the user should know, such as that the cluster lies elsewhere than asked; null when there is nothing.</summary>
    public string? Notice { get; }

    /// <summary>For Npgsql.</summary>
    public string ConnectionString => ConnectionTo(Cluster.Database);

    /// <summary>Makes the cluster if need be and starts it.</summary>
    /// <param name="folder">Folder of the cluster, absolute; need not exist.</param>
    /// <param name="durability">Whether commits survive a power cut.</param>
    /// <exception cref="ServerException">PostgreSQL is missing, the folder is in use, or the server does not start.</exception>
    public static async Task<PrivateCluster> StartAsync(string folder, ClusterDurability durability, CancellationToken token)
    {
        var account = ClusterAccount.ForThisProcess();
        var (root, notice) = await account.ChooseFolderAsync(Path.GetFullPath(folder), token);
        var ownership = Own(root);
        try
        {
            var cluster = await Cluster.OpenAsync(account, root, ["--auth=trust"], token);
            var socketFolder = await MakeSocketFolderAsync(account, root, token);
            var owned = new PrivateCluster(cluster, ownership, socketFolder, notice);
            await owned.LaunchAsync(durability, token);
            return owned;
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
            await cluster.StopAsync(CancellationToken.None);
        }
        finally
        {
            await ownership.DisposeAsync();
            Directory.Delete(socketFolder, recursive: true);
        }
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
        var quotedSocket = socketFolder.Replace("'", @"'\''", StringComparison.Ordinal);
        await cluster.StartAsync($"-k '{quotedSocket}' -c listen_addresses='' -c unix_socket_permissions=0700 -c max_connections=64", durability, token);
        ForgetConnections();
        await Cluster.CreateDatabaseAsync(ConnectionTo("postgres"), Cluster.Database, token);
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
        Username = Cluster.User,
        Database = database,
        MaxPoolSize = 32,
    }.ConnectionString;
}
