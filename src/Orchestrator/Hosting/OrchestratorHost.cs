using MassTransit;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Api;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Logging;
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
        AddOptions(builder);
        builder.Services.AddOrchestrator();
        builder.AddApi(catalog);
        builder.Services.AddSingleton<IArtifactStore>(provider =>
            ArtifactStores.Create(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));
        builder.Services.AddSingleton<IQueueDepth>(provider =>
            new RabbitMqQueueDepth(provider.GetRequiredService<IOptions<BrokerOptions>>().Value.Uri!));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<IOptions<BrokerOptions>>().Value.Uri!);
                rabbit.ConfigureEndpoints(context);
            });
        });
        builder.Services.AddHealthChecks().AddCheck<LedgerHealth>("ledger", tags: ["ready"]);

        var app = builder.Build();
        RequireValidOptions(app.Services);
        app.UseApi();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        return app;
    }

    /// <summary>Before the bus reads its address, so that all faults are reported and not only the first.</summary>
    private static void RequireValidOptions(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException several)
        {
            var failures = several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(one => one.Failures);
            throw new OptionsValidationException("", typeof(OrchestratorHost), failures);
        }
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<BrokerOptions>().Bind(builder.Configuration.GetSection(BrokerOptions.Section)).ValidateDataAnnotations();
        builder.Services.AddOptionsWithValidateOnStart<ArtifactOptions>().Bind(builder.Configuration.GetSection(ArtifactOptions.Section)).ValidateDataAnnotations();
        builder.Services.Configure<LedgerOptions>(builder.Configuration.GetSection(LedgerOptions.Section));
        builder.Services.Configure<DispatchOptions>(builder.Configuration.GetSection(DispatchOptions.Section));
        builder.Services.Configure<SweepOptions>(builder.Configuration.GetSection(SweepOptions.Section));
        builder.Services.Configure<MassTransitHostOptions>(bus => bus.WaitUntilStarted = false);
    }
}
