using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>The worker as a process of its own: shards from RabbitMQ, artifacts in a shared folder, health over HTTP.</summary>
public static class WorkerHost
{
    /// <exception cref="OptionsValidationException">On start, when an option is missing or wrong; says which.</exception>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        AddOptions(builder);
        builder.Services.AddSingleton<IArtifactStore>(provider =>
            new FolderArtifactStore(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value.Folder!));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddGpuWorkerConsumers();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<IOptions<BrokerOptions>>().Value.Uri!);
                rabbit.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddGpuWorker().Bind(builder.Configuration.GetSection(WorkerOptions.Section));
        builder.Services.AddOptionsWithValidateOnStart<BrokerOptions>().Bind(builder.Configuration.GetSection(BrokerOptions.Section)).ValidateDataAnnotations();
        builder.Services.AddOptionsWithValidateOnStart<ArtifactOptions>().Bind(builder.Configuration.GetSection(ArtifactOptions.Section)).ValidateDataAnnotations();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(worker.Value.DrainSeconds));
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(bus => bus.WaitUntilStarted = false);
    }
}
