using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>A host is killed and comes back.</summary>
internal sealed class HostKilled(string what, Func<Cluster, IReadOnlyList<HostProcess>> hosts) : IFault
{
    public string Name => $"{what} killed";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        var host = storm.Pick(hosts(storm.Cluster));
        await host.KillAsync();
        await storm.PauseAsync(token);
        await host.ReadyAsync(token);
        return true;
    }
}
