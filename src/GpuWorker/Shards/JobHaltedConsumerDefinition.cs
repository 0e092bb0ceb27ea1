using MassTransit;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Every worker hears of every halted job: an endpoint of its own that goes when the worker goes.</summary>
internal sealed class JobHaltedConsumerDefinition : ConsumerDefinition<JobHaltedConsumer>
{
    public JobHaltedConsumerDefinition()
    {
        Endpoint(endpoint =>
        {
            endpoint.Name = "job-halted";
            endpoint.InstanceId = $"-{NewId.NextGuid():N}";
            endpoint.Temporary = true;
        });
    }
}
