using MassTransit;
using Pipeline.Orchestrator.Faults;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>What all endpoints that write to the ledger share.</summary>
internal static class LedgerEndpoint
{
    /// <summary>Replicated queues, and no message lost: consumers wait out what is away, and what cannot be handled is kept in the ledger.</summary>
    public static void ForLedger(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SetQuorumQueue();
        endpoint.PrefetchCount = 16;
        var keep = context.GetRequiredService<KeepFaulted>();
        endpoint.ConfigureError(pipe => pipe.UseFilter(keep));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(keep));
    }
}
