using Pipeline.Servers.Postgres;

namespace Pipeline.Cli.Local;

/// <summary>Stops what <c>pipeline up</c> started: workers finish or hand back what they hold, then the orchestrator, then the servers.</summary>
internal static class LocalDown
{
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan OrchestratorPatience = TimeSpan.FromSeconds(60);

    /// <returns>The names of what was stopped; empty when nothing ran.</returns>
    /// <exception cref="IOException">Another <c>up</c> or <c>down</c> is at work.</exception>
    public static async Task<IReadOnlyList<string>> ExecuteAsync(string path, bool purge, CancellationToken token)
    {
        var folder = new LocalFolder(path);
        if (!folder.Exists)
            return [];
        using var alone = folder.Lock();
        var stopped = await StopAsync(folder, token);
        if (purge)
        {
            await PostgresServer.RemoveAsync(folder.Postgres, token);
            Directory.Delete(folder.Path, recursive: true);
        }

        return stopped;
    }

    /// <summary>Stops everything that runs in a folder this process has locked.</summary>
    public static async Task<IReadOnlyList<string>> StopAsync(LocalFolder folder, CancellationToken token)
    {
        var state = LocalState.Read(folder);
        var stopped = state.Workers.Select(worker => worker.Name).ToList();
        await Task.WhenAll(state.Workers.Select(worker => worker.Process.StopAsync(WorkerPatience, token)));
        if (state.Find(LocalState.Orchestrator) is { } orchestrator)
        {
            await orchestrator.Process.StopAsync(OrchestratorPatience, token);
            stopped.Add(orchestrator.Name);
        }

        stopped.AddRange(await LocalServers.StopAsync(folder, token));
        File.Delete(folder.State);
        return stopped;
    }
}
