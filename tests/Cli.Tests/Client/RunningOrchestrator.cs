using System.Runtime.Versioning;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Cli.Commands;
using Pipeline.Contracts.Artifacts;
using Pipeline.GpuWorker.Hosting;
using Pipeline.Orchestrator.Api;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Lisa;
using Pipeline.Servers.Postgres;

[assembly: SupportedOSPlatform("linux")]

namespace Pipeline.Cli.Tests.Client;

/// <summary>An orchestrator that answers HTTP on a port of this machine and wants keys, with a ledger of its own and a worker that runs the tiny model.</summary>
public sealed class RunningOrchestrator : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PrivateCluster? cluster;
    private WebApplication? app;

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Holds a key of the largest scope.</summary>
    public string KeyFileOfAdmin => folder["admin.key"];

    public string Model => folder["tiny"];

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        cluster = await PrivateCluster.StartAsync(folder["ledger"], ClusterDurability.None, TestContext.Current.CancellationToken);
        LisaPresets.Write("tiny", Model, seed: 0);
        folder.Write("admin.key", KeyFile.Create(folder["keys.json"], "admin", ApiScope.Admin, null, TimeProvider.System.GetUtcNow()));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Data:Roots:0"] = folder.Path,
            ["Api:KeysFile"] = folder["keys.json"],
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IArtifactStore>(new FolderArtifactStore(folder["artifacts"]));
        builder.Services.Configure<LedgerOptions>(options => options.Connection = cluster.ConnectionString);
        builder.Services.AddOrchestrator();
        builder.Services.AddGpuWorker().Configure(worker => worker.Threads = 1);
        builder.AddApi(new ModelCatalog());
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            bus.AddGpuWorkerConsumers();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        app = builder.Build();
        app.UseApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Writes a job file beside the model, which it names by a relative path.</summary>
    public string Job(string name, int count = 4, string variants = "[none]") => folder.Write($"{name}.yaml", $$"""
        name: {{name}}
        dataset: { format: synthetic, count: {{count}}, size: 64, expressions: 1 }
        model: { checkpoint: tiny, device: cpu }   # beside this file
        variants: {{variants}}
        shards: { samples: 2 }
        """);

    /// <summary>Runs a command as a client of this orchestrator.</summary>
    internal Task<Terminal.Outcome> RunAsync(params string[] line) => RunWithAsync(KeyFileOfAdmin, line);

    /// <param name="keyFile">File with the key to use.</param>
    internal Task<Terminal.Outcome> RunWithAsync(string keyFile, params string[] line) =>
        Terminal.RunAsync(App(), TestContext.Current.CancellationToken, [.. line, "--url", Address.ToString(), "--key-file", keyFile]);

    internal static CommandLineApp App() => new(
    [
        SubmitCommand.Create(),
        JobsCommand.Create(),
        WatchCommand.Create(),
        ReportCommand.Create(),
        ExportCommand.Create(),
        .. JobCommands.Create(),
        WorkersCommand.Create(),
        KeyCommands.Create(TimeProvider.System),
    ]);

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }
}
