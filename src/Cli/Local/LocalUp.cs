using System.Globalization;
using Pipeline.Servers;
using Pipeline.Servers.Processes;

namespace Pipeline.Cli.Local;

/// <summary>Brings up servers, orchestrator and workers; what runs already is left alone.</summary>
internal sealed class LocalUp(LocalFolder folder, UpOptions options)
{
    private readonly List<LocalProcess> started = [];
    private LocalState state = LocalState.Read(folder);

    /// <returns>What runs now, and what of it was started.</returns>
    /// <exception cref="ServerException">Something did not start. What was started on the way is stopped again; data are kept.</exception>
    public static async Task<(LocalState State, IReadOnlyList<LocalProcess> Started)> ExecuteAsync(UpOptions options, TextWriter progress, CancellationToken token)
    {
        var folder = new LocalFolder(options.Folder);
        folder.Make();
        using var alone = folder.Lock();
        var up = new LocalUp(folder, options);
        var fresh = up.state.Processes.Count == 0;
        try
        {
            await up.StartAsync(progress, token);
            return (up.state, up.started);
        }
        catch
        {
            if (fresh)
                await LocalDown.StopAsync(folder, CancellationToken.None);
            else
                await Task.WhenAll(up.started.Select(process => process.Process.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None)));
            throw;
        }
    }

    private async Task StartAsync(TextWriter progress, CancellationToken token)
    {
        await progress.WriteLineAsync("Starting RabbitMQ, PostgreSQL and Azurite ...");
        var servers = await LocalServers.StartAsync(folder, token);
        if (servers.Ledger.Notice is { } notice)
            await progress.WriteLineAsync(notice);
        foreach (var process in servers.Processes)
            Note(process);

        await progress.WriteLineAsync("Starting orchestrator and workers ...");
        var hosts = new LocalHosts(folder, servers);
        if (state.Find(LocalState.Orchestrator) is not { } orchestrator)
        {
            orchestrator = hosts.StartOrchestrator(Port(), [.. options.Data, .. options.Models]);
            state = state with { Api = orchestrator.Address };
            Note(orchestrator);
        }

        var threads = Math.Max(1, Environment.ProcessorCount / Math.Max(1, options.Workers));
        for (var i = 1; i <= options.Workers; i++)
        {
            var name = LocalState.WorkerPrefix + i.ToString(CultureInfo.InvariantCulture);
            if (state.Find(name) is null)
                Note(hosts.StartWorker(name, threads, options.Models));
        }

        await Task.WhenAll(state.Workers.Prepend(orchestrator).Select(host => LocalHosts.ReadyAsync(host, token)));
    }

    /// <summary>Writes it down at once, so that a later <c>down</c> finds it whatever happens next.</summary>
    private void Note(LocalProcess process)
    {
        if (state.Find(process.Name)?.Process == process.Process)
            return;
        started.Add(process);
        state = state.With(process);
        PrivateFile.Write(folder.State, state);
    }

    private int Port()
    {
        if (options.Port == 0)
            return LoopbackPort.Free();
        if (!LoopbackPort.IsFree(options.Port))
            throw new ServerException($"Port {options.Port} is taken by another process; give another with --port, or 0 for any.");
        return options.Port;
    }
}
