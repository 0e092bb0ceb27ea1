using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Messages;
using Pipeline.GpuWorker.Presence;
using Pipeline.GpuWorker.Samples;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>Puts a worker into a host: one of its own over RabbitMQ, or the process that runs everything over the in-memory transport.</summary>
public static class GpuWorkerRegistration
{
    /// <summary>Everything but the bus. The host brings an <see cref="Contracts.Artifacts.IArtifactStore"/>.</summary>
    public static OptionsBuilder<WorkerOptions> AddGpuWorker(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FaultPoints>();
        services.AddSingleton<Departure>();
        services.AddSingleton<CheckpointHashes>();
        services.AddSingleton<WorkerQueues>();
        services.AddSingleton<WorkerIdentity>();
        services.AddHostedService<WorkerPresence>();
        services.TryAddSingleton(provider => new Voice(provider.GetRequiredService<IBus>()));
        services.AddSingleton<PatientPublisher>();
        services.AddSingleton(provider => new FaultedMessages(
            new Lazy<PatientPublisher>(provider.GetRequiredService<PatientPublisher>), provider.GetRequiredService<Departure>()));
        services.AddSingleton<HaltedJobs>();
        services.AddSingleton<HeldShards>();
        services.AddSingleton<ShardLoader>();
        services.AddSingleton<ShardHandler>();
        services.AddSingleton(provider => Slots(provider.GetRequiredService<IOptions<WorkerOptions>>().Value));
        services.AddSingleton<ImageFetcher>();
        services.AddSingleton<ShardRunner>();
        services.TryAddSingleton<ShardAdmission, ShardAdmission.WithoutWeights>();
        services.TryAddSingleton<IShardInference, InProcessInference>();
        // MassTransit would tell its makers how it is used; clusters without an outside would wait for that in vain.
        services.Configure<UsageTelemetryOptions>(telemetry => telemetry.Enabled = false);
        services.AddSingleton<IValidateOptions<FetchOptions>, FetchPatience>();
        services.AddOptionsWithValidateOnStart<FetchOptions>().ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<ImageOptions>().ValidateDataAnnotations();
        return services.AddOptionsWithValidateOnStart<WorkerOptions>().ValidateDataAnnotations();
    }

    /// <summary>The worker's consumers, with their endpoints' settings beside them.</summary>
    public static void AddGpuWorkerConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<ProcessShardConsumer, ProcessShardConsumerDefinition>();
        bus.AddConsumer<JobHaltedConsumer, HeardByAll<JobHaltedConsumer>>();
        bus.AddConsumer<AttemptRevokedConsumer, HeardByAll<AttemptRevokedConsumer>>();
    }

    private static InferenceSlots Slots(WorkerOptions options) =>
        new([.. Enumerable.Range(0, options.Slots).Select(_ => InferenceSlot.Create(options.ThreadsPerSlot, LisaImageModel.Load))]);
}
