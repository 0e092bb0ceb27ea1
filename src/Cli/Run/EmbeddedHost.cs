using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Samples;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Cli.Run;

/// <summary>Both hosts in one process: the very same services and consumers, over the in-memory transport and a folder.</summary>
internal static class EmbeddedHost
{
    /// <exception cref="InvalidDataException">Settings of the environment are wrong; the message has all of them.</exception>
    public static IHost Build(RunFolder folder, string ledgerConnection, SlotPlan plan)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Logging.AddProvider(new RunLog(folder.Report("run.log")));
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed command is thrown, and logged by whoever catches it; a fresh ledger's first look for its history is none.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);

        builder.Services.AddSingleton<IArtifactStore>(new FolderArtifactStore(folder.Artifacts));
        builder.Services.Configure<LedgerOptions>(options => options.Connection = ledgerConnection);
        builder.Services.AddOrchestrator();
        builder.Services.AddGpuWorker().Configure(worker => (worker.Slots, worker.Threads, worker.DrainSeconds) = (plan.Slots, plan.Threads, 0));
        // What is the operator's to say for a service is here the user's own.
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.Configure<FetchOptions>(builder.Configuration.GetSection(FetchOptions.Section));
        builder.Services.PostConfigure<FetchOptions>(fetch => fetch.Hosts = fetch.Hosts.Count > 0 ? fetch.Hosts : ["*"]);
        builder.Services.Configure<ImageOptions>(builder.Configuration.GetSection(ImageOptions.Section));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(1));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            bus.AddGpuWorkerConsumers();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            return host;
        }
        catch (Exception fault) when (fault is OptionsValidationException or AggregateException)
        {
            host.Dispose();
            Exception[] faults = fault is AggregateException several ? [.. several.InnerExceptions] : [fault];
            throw new InvalidDataException(string.Join('\n', faults.Select(wrong => wrong.Message)), fault);
        }
    }
}
