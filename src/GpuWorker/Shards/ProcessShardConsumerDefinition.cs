using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Shards;

/// <summary>One shard at a time and one waiting; no retries here, since every attempt is counted in the ledger first.</summary>
internal sealed class ProcessShardConsumerDefinition : ConsumerDefinition<ProcessShardConsumer>
{
    public ProcessShardConsumerDefinition(IOptions<WorkerOptions> options)
    {
        EndpointName = options.Value.Queue;
        ConcurrentMessageLimit = 1;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ProcessShardConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = 2;
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
        }
    }
}
