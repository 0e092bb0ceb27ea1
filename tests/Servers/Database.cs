namespace Pipeline.Tests.Servers;

/// <summary>An empty database of a test class's own on the run's PostgreSQL server.</summary>
public sealed class Database(SharedServers servers) : IAsyncLifetime
{
    /// <summary>For clients, with user and password.</summary>
    public string Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Connection = await (await servers.PostgresAsync()).NewDatabaseAsync($"test_{Guid.NewGuid():N}", CancellationToken.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
