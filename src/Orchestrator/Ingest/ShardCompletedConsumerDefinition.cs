using MassTransit;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Results of a shard's size in memory: a few at a time.</summary>
internal sealed class ShardCompletedConsumerDefinition : ConsumerDefinition<ShardCompletedConsumer>
{
    public ShardCompletedConsumerDefinition()
    {
        EndpointName = "shard-completed";
        ConcurrentMessageLimit = 4;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ShardCompletedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.ForLedger(context);
}
