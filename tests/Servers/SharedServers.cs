using Pipeline.Servers.Azurite;
using Pipeline.Servers.RabbitMq;
using Pipeline.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Pipeline.Tests.Servers;

/// <summary>The real servers of one test run, each started for the first test that wants it, with all they own in a temporary folder.</summary>
/// <remarks>Tests take <see cref="Broker"/> or <see cref="BlobStorage"/> as class fixtures: a virtual host or a container of their own.</remarks>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("servers-");
    private readonly SemaphoreSlim starting = new(1, 1);
    private RabbitMqServer? rabbit;
    private AzuriteServer? azurite;

    public Task<RabbitMqServer> RabbitMqAsync() => OnceAsync(async () => rabbit ??= await RabbitMqServer.StartAsync(In("rabbitmq"), CancellationToken.None));

    public Task<AzuriteServer> AzuriteAsync() => OnceAsync(async () => azurite ??= await AzuriteServer.StartAsync(In("azurite"), CancellationToken.None));

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
