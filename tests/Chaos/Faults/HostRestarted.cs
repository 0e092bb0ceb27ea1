using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>A host is told to stop and comes back.</summary>
internal sealed class HostRestarted(string what, Func<Cluster, IReadOnlyList<HostProcess>> hosts) : IFault
{
    public string Name => $"{what} restarted";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        var host = storm.Pick(hosts(storm.Cluster));
        await host.StopAsync(token);
        await host.ReadyAsync(token);
        return true;
    }
}
