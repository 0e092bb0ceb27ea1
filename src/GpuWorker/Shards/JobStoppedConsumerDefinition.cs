using MassTransit;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Every worker hears of every stopped job: an endpoint of its own that goes when the worker goes.</summary>
internal sealed class JobStoppedConsumerDefinition : ConsumerDefinition<JobStoppedConsumer>
{
    public JobStoppedConsumerDefinition()
    {
        Endpoint(endpoint =>
        {
            endpoint.Name = "job-stopped";
            endpoint.InstanceId = $"-{NewId.NextGuid():N}";
            endpoint.Temporary = true;
        });
    }
}
