using MassTransit;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Rare and small.</summary>
internal sealed class ShardFailedConsumerDefinition : ConsumerDefinition<ShardFailedConsumer>
{
    public ShardFailedConsumerDefinition()
    {
        EndpointName = "shard-failed";
        ConcurrentMessageLimit = 4;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ShardFailedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.ForLedger(context);
}
