namespace Pipeline.Chaos.Faults;

/// <summary>A worker is killed at a named point of a shard's way.</summary>
internal sealed class WorkerDiesAtPoint(string point) : IFault
{
    public string Name => $"worker killed {point}";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        var worker = storm.Pick(storm.Cluster.Workers);
        var order = storm.Cluster.OrderDeath(worker, point);
        var obeyed = await Storm.WithinAsync(TimeSpan.FromSeconds(20), () => !File.Exists(order), token);
        if (!obeyed)
            File.Delete(order);
        await Storm.WithinAsync(TimeSpan.FromSeconds(1), () => !worker.IsRunning, token);
        await worker.ReadyAsync(token);
        return obeyed;
    }
}
