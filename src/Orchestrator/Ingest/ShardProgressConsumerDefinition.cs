using MassTransit;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Frequent and small; one update each.</summary>
internal sealed class ShardProgressConsumerDefinition : ConsumerDefinition<ShardProgressConsumer>
{
    public ShardProgressConsumerDefinition()
    {
        EndpointName = "shard-progress";
        ConcurrentMessageLimit = 8;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ShardProgressConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.ForLedger(context);
}
