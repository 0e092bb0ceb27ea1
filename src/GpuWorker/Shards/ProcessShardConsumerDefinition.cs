using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Messages;

namespace Pipeline.GpuWorker.Shards;

/// <summary>A shard for each slot and one that waits, each with signs of life; no retries here, since every attempt is counted in the ledger first.</summary>
internal sealed class ProcessShardConsumerDefinition : ConsumerDefinition<ProcessShardConsumer>
{
    private readonly int held;

    public ProcessShardConsumerDefinition(IOptions<WorkerOptions> options)
    {
        held = options.Value.Slots + 1;
        EndpointName = options.Value.Queue;
        ConcurrentMessageLimit = held;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ProcessShardConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = held;
        var faulted = context.GetRequiredService<FaultedMessages>();
        endpointConfigurator.ConfigureError(pipe => pipe.UseFilter(faulted));
        endpointConfigurator.ConfigureDeadLetter(pipe => pipe.UseFilter(faulted));
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
        }
    }
}
