using Microsoft.Extensions.Logging;
using Pipeline.Hosting.Resilience;
using Polly;

namespace Pipeline.GpuWorker.Messages;

/// <summary>Publishes what must not get lost: tries until the broker has confirmed it.</summary>
internal sealed class PatientPublisher(Voice voice, TimeProvider clock, ILogger<PatientPublisher> logger)
{
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline pipeline = ResiliencePipelines.Create(ResiliencePipelines.Broker, _ => true, PerTry, clock, logger);

    /// <param name="token">The only thing that ends it early.</param>
    public async Task PublishAsync(object message, CancellationToken token) => await pipeline.ExecuteAsync(async each => await voice.PublishAsync(message, each), token);
}
