using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Api;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>An orchestrator that answers HTTP on a port of this machine, with a real ledger and a scripted worker.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LogLines log = new();
    private WebApplication? app;
    private string connection = "";

    /// <summary>Everything that the host logged, as its console would show it.</summary>
    public string Log => log.Text;

    public string Connection => connection;

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>With the key of the largest scope, if there are keys.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>The only folder that jobs may name.</summary>
    public string Data => folder.File("data");

    public string Checkpoint => Path.Combine(Data, "model");

    public string KeysFile => folder.File("keys.json");

    /// <summary>Every route and the methods that it answers.</summary>
    public IReadOnlyList<(string Method, string Path)> Routes =>
    [
        .. from endpoint in app!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
           select (method, "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":guid", "", StringComparison.Ordinal)),
    ];

    public IArtifactStore Artifacts => app!.Services.GetRequiredService<IArtifactStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="keys">Requests need a key.</param>
    /// <param name="working">False for a host whose worker never comes.</param>
    /// <param name="settings">Such as <c>("Api:Burst", "3")</c>.</param>
    public static async Task<ApiHost> StartAsync(LedgerFixture ledgers, bool keys = false, bool working = true, params (string Name, string Value)[] settings)
    {
        var host = new ApiHost();
        host.connection = await ledgers.NewLedgerAsync();
        Directory.CreateDirectory(host.Checkpoint);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Data:Roots:0"] = host.Data;
        if (keys)
            builder.Configuration["Api:KeysFile"] = host.KeysFile;
        var admin = keys ? host.NewKey("admin", ApiScope.Admin) : null;
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(host.log);
        builder.Services.AddOrchestrator();
        builder.AddApi(new TwoMethodCatalog());
        builder.Services.Configure<LedgerOptions>(options => options.Connection = host.connection);
        builder.Services.Configure<DispatchOptions>(options => (options.Poll, options.WorkerTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10)));
        builder.Services.Configure<MassTransitHostOptions>(bus => bus.WaitUntilStarted = true);
        builder.Services.AddSingleton<IArtifactStore>(new FolderArtifactStore(host.folder.File("artifacts")));
        builder.Services.AddSingleton<ScriptedWorker.Script>(context => host.WorkAsync(context, working));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddOrchestratorConsumers();
            if (working)
                bus.AddConsumer<ScriptedWorker>().Endpoint(endpoint => endpoint.Name = "shards");
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        host.app = builder.Build();
        host.app.UseApi();
        await host.app.StartAsync(Token);
        host.Address = new Uri(host.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        host.Client = host.ClientWith(admin);
        if (working)
            await host.app.Services.GetRequiredService<IBus>().Publish(new WorkerSeen("worker-1", Guid.NewGuid(), [WorkQueues.General], 4, "0.1.0", "cpu", Leaving: false), Token);
        return host;
    }

    public string NewKey(string name, ApiScope scope, TimeSpan? lifetime = null) =>
        KeyFile.Create(KeysFile, name, scope, lifetime, TimeProvider.System.GetUtcNow());

    /// <param name="key">Null for a client without a key.</param>
    public HttpClient ClientWith(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A right job over synthetic scenes.</summary>
    public string Job(string name = "job", int count = 10, string variants = "[none, \"fastv:keep=0.5\"]") => $$"""
        name: {{name}}
        dataset: { format: synthetic, count: {{count}}, size: 64 }
        model: { checkpoint: {{Checkpoint}} }
        variants: {{variants}}
        shards: { samples: 4 }
        """;

    public static HttpContent Yaml(string text) => new StringContent(text, Encoding.UTF8, "application/yaml");

    public static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, "application/json");

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? content = null) => Client.PostAsync(new Uri(path, UriKind.Relative), content, Token);

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative), Token);

    public async Task<JobStatus> SubmitAsync(string? job = null)
    {
        using var response = await PostAsync("/v1/jobs", Yaml(job ?? Job()));
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync<JobStatus>(ContractsJson.Options, Token))!;
    }

    public async Task<JobStatus> StatusAsync(Guid job) => (await Client.GetFromJsonAsync<JobStatus>(new Uri($"/v1/jobs/{job}", UriKind.Relative), ContractsJson.Options, Token))!;

    public Task<JobStatus> EndOfAsync(Guid job) => Eventually.Get("the job's end", () => StatusAsync(job), status => status.Ended);

    public async Task<T> QueryAsync<T>(Func<LedgerContext, Task<T>> query)
    {
        await using var ledger = await app!.Services.GetRequiredService<IDbContextFactory<LedgerContext>>().CreateDbContextAsync();
        return await query(ledger);
    }

    /// <summary>Writes a file into the folder that jobs may name.</summary>
    /// <returns>Its absolute path.</returns>
    public string WriteData(string name, string content)
    {
        File.WriteAllText(Path.Combine(Data, name), content);
        return Path.Combine(Data, name);
    }

    /// <summary>A job over a manifest.</summary>
    public string ManifestJob(string path) => Job().Replace("{ format: synthetic, count: 10, size: 64 }", $"{{ format: manifest, path: {JsonSerializer.Serialize(path)} }}", StringComparison.Ordinal);

    /// <summary>Reads a problem, and that it is one.</summary>
    public static async Task<Problem> ProblemAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(Problem.MediaType, $"{response.StatusCode} {text}");
        var problem = JsonSerializer.Deserialize<Problem>(text, ContractsJson.Options)!;
        problem.Status.ShouldBe((int)response.StatusCode);
        JsonNode.Parse(text)!["type"]!.GetValue<string>().ShouldBe("about:blank");
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        await using (var pooled = new NpgsqlConnection(connection))
            NpgsqlConnection.ClearPool(pooled);
        folder.Dispose();
    }

    private async Task WorkAsync(ConsumeContext<ProcessShard> context, bool working)
    {
        if (!working)
            return;
        var message = context.Message;
        await using var stream = await Artifacts.OpenAsync(message.SliceArtifact, context.CancellationToken);
        var slice = await ManifestSlice.ReadAsync(stream, message.SliceArtifact, context.CancellationToken);
        var result = ShardResultFile.Write(TestJobs.ResultOf(message, slice));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(result));
        var stored = await Artifacts.PutAsync(ArtifactNames.Result(message.Job, message.Shard, message.Attempt, hash), result, context.CancellationToken);
        await context.Publish(new ShardCompleted(message.Job, message.Shard, message.Attempt, "worker-1", stored));
    }
}
