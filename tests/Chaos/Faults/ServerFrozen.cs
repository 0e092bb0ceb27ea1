using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>A server stands still: to all others as if the network to it were cut.</summary>
internal sealed class ServerFrozen(string what, Func<Cluster, ClusterServer> server) : IFault
{
    public string Name => $"{what} frozen";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        await Storm.FreezeAsync(server(storm.Cluster).Processes(), storm.Cluster.Lease * 1.5, token);
        return true;
    }
}
