using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Shards;

/// <summary>One shard per slot at a time and one waiting; no retries here, since every attempt is counted in the ledger first.</summary>
internal sealed class ProcessShardConsumerDefinition : ConsumerDefinition<ProcessShardConsumer>
{
    private readonly int slots;

    public ProcessShardConsumerDefinition(IOptions<WorkerOptions> options)
    {
        slots = options.Value.Slots;
        EndpointName = options.Value.Queue;
        ConcurrentMessageLimit = slots;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ProcessShardConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = slots + 1;
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
        }
    }
}
