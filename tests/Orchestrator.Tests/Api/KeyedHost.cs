using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>One host that wants keys for the tests of a class.</summary>
public sealed class KeyedHost(LedgerFixture ledgers) : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(ledgers, keys: true);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
