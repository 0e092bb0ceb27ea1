using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>One host without keys for the tests of a class.</summary>
public sealed class OpenHost(LedgerFixture ledgers) : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(ledgers);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
