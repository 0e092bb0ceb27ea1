using MassTransit;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Every worker hears these messages: an endpoint of its own that goes when the worker goes.</summary>
internal sealed class HeardByAll<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    public HeardByAll() => Endpoint(endpoint =>
    {
        endpoint.Name = KebabCaseEndpointNameFormatter.Instance.Consumer<TConsumer>();
        endpoint.InstanceId = $"-{NewId.NextGuid():N}";
        endpoint.Temporary = true;
    });
}
