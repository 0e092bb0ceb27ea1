using System.Diagnostics;
using System.Net;

namespace Pipeline.Tests.Cluster;

/// <summary>An orchestrator or a worker as a process of its own, that can be killed and started again.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly IReadOnlyList<string> command;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly string log;
    private Process? process;

    /// <param name="name">For messages and the log file.</param>
    /// <param name="command">Arguments of <c>dotnet</c>.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="address">Where it answers over HTTP.</param>
    /// <param name="log">File that gets what it says.</param>
    public HostProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Uri address, string log)
    {
        Name = name;
        Address = address;
        this.command = command;
        this.environment = environment;
        this.log = log;
    }

    public string Name { get; }

    public Uri Address { get; }

    public int Id => process!.Id;

    public bool IsRunning => process is { HasExited: false };

    public int ExitCode => process!.ExitCode;

    public void Start()
    {
        process?.Dispose();
        // A shell opens the log for it: what the process says must not need a reader that lives.
        var start = new ProcessStartInfo("/bin/sh", ["-c", """exec dotnet "$@" >>"$LOG" 2>&1""", "sh", .. command]);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        start.Environment["LOG"] = log;
        process = Process.Start(start)!;
    }

    /// <summary>Starts it if need be and waits until it says that it is ready.</summary>
    public async Task ReadyAsync(CancellationToken token)
    {
        if (!IsRunning)
            Start();
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(client, token))
        {
            if (!IsRunning)
                throw new InvalidOperationException($"{Name} ended with {ExitCode}; its log {log} ends with:\n{Tail()}");
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"{Name} was not ready within {Patience.TotalSeconds:F0} s; its log {log} ends with:\n{Tail()}");
            await poll.WaitForNextTickAsync(token);
        }
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        Signals.Kill(process.Id);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM; returns when it has left.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        if (process is null || process.HasExited)
            return;
        Signals.Terminate(process.Id);
        await process.WaitForExitAsync(token).WaitAsync(Patience, token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
    }

    /// <returns>The last lines it said.</returns>
    public string Tail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(30)) : "";

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken token)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("health/ready", UriKind.Relative), token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !token.IsCancellationRequested)
        {
            return false;
        }
    }
}
