using Pipeline.Servers.Azurite;
using Pipeline.Servers.Postgres;
using Pipeline.Servers.RabbitMq;
using Pipeline.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Pipeline.Tests.Servers;

/// <summary>The real servers of one test run, each started for the first test that wants it, with all they own in a temporary folder.</summary>
/// <remarks>Tests take <see cref="Broker"/>, <see cref="Database"/> or <see cref="BlobStorage"/> as class fixtures: a virtual host, a database or a container of their own.</remarks>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("servers-");
    private readonly SemaphoreSlim starting = new(1, 1);
    private RabbitMqServer? rabbit;
    private AzuriteServer? azurite;
    private PostgresServer? postgres;

    public SharedServers()
    {
        // PostgreSQL runs as another account when this is root, and must come through.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public Task<RabbitMqServer> RabbitMqAsync() => OnceAsync(async () => rabbit ??= await RabbitMqServer.StartAsync(In("rabbitmq"), CancellationToken.None));

    public Task<AzuriteServer> AzuriteAsync() => OnceAsync(async () => azurite ??= await AzuriteServer.StartAsync(In("azurite"), CancellationToken.None));

    public Task<PostgresServer> PostgresAsync() => OnceAsync(async () => postgres ??= await PostgresServer.StartAsync(In("postgres"), ClusterDurability.None, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        if (rabbit is not null)
        {
            // Nobody needs what it holds, and a clean stop takes seconds.
            await rabbit.KillAsync(CancellationToken.None);
            await rabbit.DisposeAsync();
        }

        if (azurite is not null)
            await azurite.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        folder.Delete(recursive: true);
        starting.Dispose();
    }

    private async Task<T> OnceAsync<T>(Func<Task<T>> start)
    {
        await starting.WaitAsync();
        try
        {
            return await start();
        }
        finally
        {
            starting.Release();
        }
    }

    private string In(string name) => Path.Combine(folder.FullName, name);
}
