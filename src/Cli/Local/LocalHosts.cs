using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pipeline.Servers;
using Pipeline.Servers.Processes;

namespace Pipeline.Cli.Local;

/// <summary>Starts orchestrator and workers as processes of their own. Secrets reach them through their environment only.</summary>
internal sealed class LocalHosts(LocalFolder folder, LocalServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="port">For the API.</param>
    /// <param name="roots">Folders that jobs may read.</param>
    public LocalProcess StartOrchestrator(int port, IReadOnlyList<string> roots)
    {
        var environment = Shared(port);
        environment["Ledger__Connection"] = servers.Ledger.ConnectionString;
        AddList(environment, "Data__Roots", roots);
        return Start(LocalState.Orchestrator, "pipeline.dll", ["orchestrator"], environment, port);
    }

    /// <param name="threads">Of each worker's operators.</param>
    /// <param name="models">Checkpoint folders the worker serves; none for all.</param>
    public LocalProcess StartWorker(string name, int threads, IReadOnlyList<string> models)
    {
        var port = LoopbackPort.Free();
        var environment = Shared(port);
        environment["Worker__Name"] = name;
        environment["Worker__Threads"] = threads.ToString(CultureInfo.InvariantCulture);
        AddList(environment, "Worker__Models", models);
        return Start(name, "Pipeline.GpuWorker.dll", [], environment, port);
    }

    /// <summary>Waits until a host says that it is ready.</summary>
    /// <exception cref="ServerException">It ended, or is not ready in time; the message carries the end of its log.</exception>
    public static async Task ReadyAsync(LocalProcess host, CancellationToken token)
    {
        using var client = new HttpClient { BaseAddress = new Uri(host.Address), Timeout = TimeSpan.FromSeconds(10) };
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client, token))
        {
            var ended = !host.Process.IsRunning();
            if (ended || Stopwatch.GetElapsedTime(started) > Patience)
                throw new ServerException($"{host.Name} {(ended ? "ended before it was ready" : $"was not ready within {Patience.TotalMinutes:F0} minutes")}. {LogTail.Describe(host.Log)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), token);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken token)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static void AddList(Dictionary<string, string?> environment, string name, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
            environment[string.Create(CultureInfo.InvariantCulture, $"{name}__{i}")] = Path.GetFullPath(values[i]);
    }

    /// <summary>What this shell has set for other servers must not reach ours.</summary>
    private Dictionary<string, string?> Shared(int port) => new()
    {
        ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["ASPNETCORE_CONTENTROOT"] = folder.Path,
        ["Logging__LogLevel__Microsoft"] = "Warning",
        ["Broker__Uri"] = servers.Broker.Uri.ToString(),
        ["Artifacts__Blob__Connection"] = servers.Blobs.ConnectionString,
        ["Artifacts__Blob__ConnectionFile"] = null,
        ["Artifacts__Blob__Uri"] = null,
        ["Artifacts__Folder"] = null,
        ["Ledger__Connection"] = null,
    };

    private LocalProcess Start(string name, string program, string[] arguments, Dictionary<string, string?> environment, int port)
    {
        var runtime = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        var log = folder.Log(name);
        var process = DetachedProcess.Start(
            runtime, [Path.Combine(AppContext.BaseDirectory, program), .. arguments], environment, Environment.CurrentDirectory, log);
        return LocalProcess.Of(name, process, environment["ASPNETCORE_URLS"]!, log);
    }
}
