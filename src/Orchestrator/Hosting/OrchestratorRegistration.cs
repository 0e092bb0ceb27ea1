using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>The orchestrator's services, the same in its own host and in an embedded run.</summary>
public static class OrchestratorRegistration
{
    /// <summary>Adds planner, dispatcher, ingest, watch and reports. The caller adds an <see cref="IArtifactStore"/> and a bus with <see cref="AddOrchestratorConsumers"/>.</summary>
    /// <remarks>The host applies the ledger's migrations before it starts anything, and dispatches from its start to its stop.</remarks>
    public static IServiceCollection AddOrchestrator(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LedgerOptions>().ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<DispatchOptions>().ValidateDataAnnotations();
        services.Configure<UsageTelemetryOptions>(telemetry => telemetry.Enabled = false);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddDbContextFactory<LedgerContext>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<IOptions<LedgerOptions>>().Value.Connection));

        services.AddSingleton<Doorbell>();
        services.AddSingleton<ShardQueue>();
        services.AddSingleton<JobEndings>();
        services.AddSingleton(provider => new JobControl(provider.GetRequiredService<JobEndings>()));
        services.AddSingleton<ShardFaults>();
        services.AddSingleton<ShardIngest>();
        services.AddSingleton<InFlightSamples>();
        services.AddSingleton<PlanLedger>();
        services.AddSingleton(provider => new JobPlanner(
            provider.GetRequiredService<PlanLedger>(),
            provider.GetRequiredService<IArtifactStore>(),
            provider.GetRequiredService<JobEndings>(),
            provider.GetRequiredService<Doorbell>(),
            provider.GetRequiredService<ILogger<JobPlanner>>()));
        services.AddSingleton(provider => new JobWatch(
            provider.GetRequiredService<IDbContextFactory<LedgerContext>>(),
            provider.GetRequiredService<InFlightSamples>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReportBuilder>();
        services.AddSingleton<OverlayReader>();
        services.AddSingleton(provider => new ReportPublisher(
            provider.GetRequiredService<ReportBuilder>(),
            provider.GetRequiredService<OverlayReader>(),
            provider.GetRequiredService<IArtifactStore>()));
        services.AddHostedService<LedgerMigration>();
        services.AddHostedService<Dispatcher>();
        return services;
    }

    /// <summary>Adds the consumers of what workers say, each with its endpoint's settings.</summary>
    public static void AddOrchestratorConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<ShardCompletedConsumer, ShardCompletedConsumerDefinition>();
        bus.AddConsumer<ShardFailedConsumer, ShardFailedConsumerDefinition>();
        bus.AddConsumer<ShardProgressConsumer, ShardProgressConsumerDefinition>();
    }
}
