using MassTransit;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>What all endpoints that write to the ledger share.</summary>
internal static class LedgerEndpoint
{
    /// <summary>Replicated queues, and patience with a ledger that restarts: the message waits, nothing is lost.</summary>
    public static void ForLedger(this IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SetQuorumQueue();
        endpoint.PrefetchCount = 16;
        endpoint.UseMessageRetry(retry => retry.Exponential(8, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(300)));
    }
}
