using MassTransit;
using Pipeline.Orchestrator.Ingest;

namespace Pipeline.Orchestrator.Workers;

/// <summary>News that are soon old: what an orchestrator missed while it was away says nothing about who is there.</summary>
internal sealed class WorkerSeenConsumerDefinition : ConsumerDefinition<WorkerSeenConsumer>
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public WorkerSeenConsumerDefinition()
    {
        EndpointName = "worker-seen";
        ConcurrentMessageLimit = 4;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<WorkerSeenConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.ForLedger(context);
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SetQueueArgument("x-message-ttl", (int)Fresh.TotalMilliseconds);
    }
}
