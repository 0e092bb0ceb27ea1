namespace Pipeline.Tests.Servers;

/// <summary>A virtual host of a test class's own on the run's RabbitMQ server.</summary>
public sealed class Broker(SharedServers servers) : IAsyncLifetime
{
    /// <summary>For clients.</summary>
    public Uri Uri { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await servers.RabbitMqAsync();
        Uri = await server.NewVirtualHostAsync($"test-{Guid.NewGuid():N}", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
