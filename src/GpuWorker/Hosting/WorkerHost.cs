using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.GpuWorker.Children;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Messages;
using Pipeline.GpuWorker.Presence;
using Pipeline.GpuWorker.Samples;
using Pipeline.GpuWorker.Seeded;
using Pipeline.GpuWorker.Shards;
using Pipeline.Hosting.Health;
using Pipeline.Hosting.Logging;
using Pipeline.Hosting.Options;
using Pipeline.Hosting.Telemetry;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>The worker as a process of its own: shards from RabbitMQ, artifacts in blob storage or a shared folder, health over HTTP.</summary>
public static class WorkerHost
{
    /// <summary>Seconds beyond draining and handing back that the bus gets to close.</summary>
    private const int ShutdownMargin = Departure.SecondsForHandingBack + 5;

    /// <exception cref="OptionsValidationException">Options are missing or wrong; its failures name all of them.</exception>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.Logging.AddPlainLines();
        builder.AddHostOptions();
        AddOptions(builder);
        builder.Services.AddTelemetryExport("pipeline-worker");
        builder.Services.AddHostHealth();
        builder.Services.AddSingleton<IArtifactStore>(provider => ActivatorUtilities.CreateInstance<PatientArtifactStore>(
            provider, ArtifactStores.Create(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value)));
        builder.Services.AddSingleton(provider => new Voice(provider.GetRequiredService<IVoiceBus>()));
        builder.Services.AddMassTransit<IVoiceBus>(bus => bus.UsingRabbitMq((context, rabbit) =>
            rabbit.Host(context.GetRequiredService<IOptions<BrokerOptions>>().Value.ReadUri())));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddGpuWorkerConsumers();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<IOptions<BrokerOptions>>().Value.ReadUri());
                foreach (var queue in context.GetRequiredService<WorkerQueues>().Names)
                {
                    rabbit.ReceiveEndpoint(queue, endpoint => endpoint.ConfigureConsumer<ProcessShardConsumer>(context));
                }

                rabbit.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.RequireValidOptions();
        // Models that cannot be described are wrong options too.
        _ = app.Services.GetRequiredService<WorkerQueues>().Names;
        app.MapHostHealth();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        var worker = builder.Configuration.GetSection(WorkerOptions.Section);
        builder.Services.AddSingleton<ShardAdmission>(provider => IsSeeded(provider)
            ? new ShardAdmission.WithoutWeights()
            : new ShardAdmission.OfWeights(provider.GetRequiredService<CheckpointHashes>()));
        builder.Services.AddSingleton<IShardInference>(provider => IsSeeded(provider)
            ? ActivatorUtilities.CreateInstance<SeededInference>(provider)
            : ActivatorUtilities.CreateInstance<ChildInference>(provider));
        builder.Services.AddGpuWorker().Bind(worker);
        builder.Services.Configure<FetchOptions>(builder.Configuration.GetSection(FetchOptions.Section));
        builder.Services.Configure<ImageOptions>(builder.Configuration.GetSection(ImageOptions.Section));
        // Read past the options' validation, which belongs with that of the others and not here, where the host is built.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds((worker.Get<WorkerOptions>() ?? new()).DrainSeconds + ShutdownMargin));
    }

    private static bool IsSeeded(IServiceProvider provider) => provider.GetRequiredService<IOptions<WorkerOptions>>().Value.IsSeeded;
}
