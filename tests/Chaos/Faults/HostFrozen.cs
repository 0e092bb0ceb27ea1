using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>A host stands still for longer than a lease, then goes on as if nothing had been.</summary>
internal sealed class HostFrozen(string what, Func<Cluster, IReadOnlyList<HostProcess>> hosts) : IFault
{
    public string Name => $"{what} frozen";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        var host = storm.Pick(hosts(storm.Cluster));
        await Storm.FreezeAsync([host.Id, .. ProcessTree.Below(host.Id)], storm.Cluster.Lease * 1.5, token);
        return true;
    }
}
