using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>A server is killed and comes back on the same data.</summary>
internal sealed class ServerKilled(string what, Func<Cluster, ClusterServer> server) : IFault
{
    public string Name => $"{what} killed";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        await server(storm.Cluster).KillAsync(token);
        await storm.PauseAsync(token);
        await server(storm.Cluster).RestartAsync(token);
        return true;
    }
}
