using MassTransit;
using Pipeline.Orchestrator.Ingest;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Rare.</summary>
internal sealed class MessageFaultedConsumerDefinition : ConsumerDefinition<MessageFaultedConsumer>
{
    public MessageFaultedConsumerDefinition()
    {
        EndpointName = "message-faulted";
        ConcurrentMessageLimit = 2;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<MessageFaultedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.ForLedger(context);
}
