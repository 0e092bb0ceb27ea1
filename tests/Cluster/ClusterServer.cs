using Pipeline.Servers.Processes;

namespace Pipeline.Tests.Cluster;

/// <summary>One of the three servers, as something that can be killed and started again.</summary>
public sealed class ClusterServer(Func<DetachedProcess> process, Func<CancellationToken, Task> restart)
{
    /// <summary>SIGKILL to the server and all it started; returns when they are gone.</summary>
    public async Task KillAsync(CancellationToken token)
    {
        var all = Processes();
        foreach (var id in all)
            Signals.Kill(id);
        await process().EndsWithinAsync(TimeSpan.FromSeconds(20), token);
    }

    /// <summary>Starts it on the same data and waits until it answers.</summary>
    public Task RestartAsync(CancellationToken token) => restart(token);

    /// <returns>Ids of the server and of all it started.</returns>
    public IReadOnlyList<int> Processes() => [process().Pid, .. ProcessTree.Below(process().Pid)];
}
