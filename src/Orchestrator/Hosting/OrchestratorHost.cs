using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Models;
using Pipeline.Hosting.Health;
using Pipeline.Hosting.Logging;
using Pipeline.Hosting.Options;
using Pipeline.Hosting.Telemetry;
using Pipeline.Orchestrator.Api;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Telemetry;
using Pipeline.Orchestrator.Workers;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>The orchestrator as a process of its own: a ledger in PostgreSQL, workers over RabbitMQ, artifacts in blob storage or a shared folder, health over HTTP.</summary>
public static class OrchestratorHost
{
    /// <param name="catalog">What jobs may name.</param>
    /// <exception cref="OptionsValidationException">Options are missing or wrong; its failures name all of them.</exception>
    public static WebApplication Build(string[] arguments, IModelCatalog catalog)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddPlainLines();
        builder.AddHostOptions();
        AddOptions(builder);
        builder.Services.AddTelemetryExport("pipeline-orchestrator");
        builder.Services.AddOrchestrator();
        builder.Services.AddHostedService<LedgerGauges>();
        builder.AddApi(catalog);
        builder.Services.AddSingleton<IArtifactStore>(provider =>
            ArtifactStores.Create(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));
        builder.Services.AddSingleton<IQueueDepth>(provider =>
            new RabbitMqQueueDepth(provider.GetRequiredService<IOptions<BrokerOptions>>().Value.ReadUri()));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<IOptions<BrokerOptions>>().Value.ReadUri());
                rabbit.ConfigureEndpoints(context);
            });
        });
        builder.Services.AddHostHealth().AddCheck<LedgerHealth>("ledger", tags: [HealthRegistration.Ready]);

        var app = builder.Build();
        app.RequireValidOptions();
        app.UseApi();
        app.MapHostHealth();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.Configure<LedgerOptions>(builder.Configuration.GetSection(LedgerOptions.Section));
        builder.Services.Configure<DispatchOptions>(builder.Configuration.GetSection(DispatchOptions.Section));
        builder.Services.Configure<SweepOptions>(builder.Configuration.GetSection(SweepOptions.Section));
        builder.Services.Configure<MassTransitHostOptions>(bus => bus.WaitUntilStarted = false);
    }
}
