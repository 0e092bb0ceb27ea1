namespace Pipeline.Tests.Servers;

/// <summary>The run's Azurite server, with a container name of a test class's own.</summary>
public sealed class BlobStorage(SharedServers servers) : IAsyncLifetime
{
    /// <summary>For clients, with the account's key.</summary>
    public string Connection { get; private set; } = null!;

    /// <summary>Nothing is there yet under this name.</summary>
    public string Container { get; } = $"test-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync() => Connection = (await servers.AzuriteAsync()).ConnectionString;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
