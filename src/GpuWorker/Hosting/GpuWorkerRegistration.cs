using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>Puts a worker into a host: one of its own over RabbitMQ, or the process that runs everything over the in-memory transport.</summary>
public static class GpuWorkerRegistration
{
    /// <summary>Everything but the bus. The host brings an <see cref="Contracts.Artifacts.IArtifactStore"/>.</summary>
    public static OptionsBuilder<WorkerOptions> AddGpuWorker(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Slots(provider.GetRequiredService<IOptions<WorkerOptions>>().Value));
        services.AddSingleton<HaltedJobs>();
        services.AddSingleton<ShardRunner>();
        services.AddSingleton<ShardHandler>();
        // Consumers hear at once that the bus stops; only then does MassTransit give an unfinished shard back instead of calling it faulty.
        services.Configure<MassTransitHostOptions>(bus => bus.ConsumerStopTimeout = TimeSpan.FromMilliseconds(1));
        // MassTransit would tell its makers how it is used; clusters without an outside would wait for that in vain.
        services.Configure<UsageTelemetryOptions>(telemetry => telemetry.Enabled = false);
        return services.AddOptionsWithValidateOnStart<WorkerOptions>().ValidateDataAnnotations();
    }

    /// <summary>The worker's consumers, with their endpoints' settings beside them.</summary>
    public static void AddGpuWorkerConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<ProcessShardConsumer, ProcessShardConsumerDefinition>();
        bus.AddConsumer<JobHaltedConsumer, JobHaltedConsumerDefinition>();
    }

    private static InferenceSlots Slots(WorkerOptions options) =>
        new([.. Enumerable.Range(0, options.Slots).Select(_ => InferenceSlot.Create(options.ThreadsPerSlot, LisaImageModel.Load))]);
}
