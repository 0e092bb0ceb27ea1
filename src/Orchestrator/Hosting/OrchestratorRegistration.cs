using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Faults;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Poison;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Workers;

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
        services.AddOptionsWithValidateOnStart<SweepOptions>().ValidateDataAnnotations();
        services.Configure<UsageTelemetryOptions>(telemetry => telemetry.Enabled = false);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddDbContextFactory<LedgerContext>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<IOptions<LedgerOptions>>().Value.Connection));

        services.AddSingleton<Doorbell>();
        services.AddKeyedSingleton<Doorbell>(Doorbell.Planning);
        services.AddSingleton<ShardQueue>();
        services.AddSingleton<WorkerPresence>();
        services.AddSingleton<LostShards>();
        services.AddSingleton<OrphanSweep>();
        services.AddSingleton<JobHalts>();
        services.AddSingleton<JobEndings>();
        services.AddSingleton<JobSubmission>();
        services.TryAddSingleton(PlanRules.None);
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobRetry>();
        services.AddSingleton<VariantAddition>();
        services.AddSingleton(provider => new JobControl(
            provider.GetRequiredService<IDbContextFactory<LedgerContext>>(),
            provider.GetRequiredService<JobSubmission>(),
            provider.GetRequiredService<JobHalts>(),
            provider.GetRequiredService<JobRetry>(),
            provider.GetRequiredService<VariantAddition>(),
            provider.GetRequiredService<Doorbell>(),
            provider.GetRequiredKeyedService<Doorbell>(Doorbell.Planning)));
        services.AddSingleton(provider => new JobFaults(provider.GetRequiredService<IDbContextFactory<LedgerContext>>()));
        services.AddSingleton<ManifestComparison>();
        services.AddSingleton(provider => new JobResumption(
            provider.GetRequiredService<IDbContextFactory<LedgerContext>>(),
            provider.GetRequiredService<ManifestComparison>(),
            provider.GetRequiredService<ShardQueue>(),
            provider.GetRequiredService<JobControl>(),
            provider.GetRequiredService<Doorbell>()));
        services.AddSingleton<Patience>();
        services.AddSingleton<FaultedMessages>();
        services.AddSingleton<KeepFaulted>();
        services.AddSingleton<ShardFaults>();
        services.AddSingleton<ShardSplit>();
        services.AddSingleton<SampleQuarantine>();
        services.AddSingleton<PoisonedShards>();
        services.AddSingleton<ShardIngest>();
        services.AddSingleton<InFlightSamples>();
        services.AddSingleton(provider => new JobWatch(
            provider.GetRequiredService<IDbContextFactory<LedgerContext>>(),
            provider.GetRequiredService<InFlightSamples>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PartialMerge>();
        services.AddSingleton<ReportBuilder>();
        services.AddSingleton<OverlayReader>();
        services.AddSingleton(provider => new ReportPublisher(
            provider.GetRequiredService<ReportBuilder>(),
            provider.GetRequiredService<OverlayReader>(),
            provider.GetRequiredService<IArtifactStore>()));
        services.AddHostedService<LedgerMigration>();
        services.AddHostedService<PlanningService>();
        services.AddHostedService<Dispatcher>();
        services.AddHostedService<PoisonService>();
        services.AddHostedService<Reaper>();
        services.AddHostedService<JobRemoval>();
        services.AddHostedService<JobSealing>();
        services.AddHostedService<ReportPreparation>();
        return services;
    }

    /// <summary>Adds the consumers of what workers say, each with its endpoint's settings.</summary>
    public static void AddOrchestratorConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<ShardCompletedConsumer, ShardCompletedConsumerDefinition>();
        bus.AddConsumer<ShardFailedConsumer, ShardFailedConsumerDefinition>();
        bus.AddConsumer<ShardProgressConsumer, ShardProgressConsumerDefinition>();
        bus.AddConsumer<WorkerSeenConsumer, WorkerSeenConsumerDefinition>();
        bus.AddConsumer<MessageFaultedConsumer, MessageFaultedConsumerDefinition>();
    }
}
