namespace Pipeline.Chaos.Faults;

/// <summary>A result changes or disappears in the blob store after it was announced and before it is counted.</summary>
internal sealed class ResultDamaged(string how, Func<byte[], byte[]?> damage) : IFault
{
    public string Name => $"result {how}";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        string? victim = null;
        var before = await storm.UncountedResultsAsync(token);
        await Storm.WhileFrozenAsync([.. storm.Cluster.Orchestrators.Where(host => host.IsRunning).Select(host => host.Id)], async () =>
        {
            await Storm.WithinAsync(
                TimeSpan.FromSeconds(10), async () => (victim = (await storm.UncountedResultsAsync(token)).Except(before).FirstOrDefault()) is not null, token);
            if (victim is null)
                return;
            using var bytes = new MemoryStream();
            await using (var stream = await storm.Cluster.Artifacts.OpenAsync(victim, token))
                await stream.CopyToAsync(bytes, token);
            if (damage(bytes.ToArray()) is { } damaged)
                await storm.Cluster.Artifacts.PutAsync(victim, damaged, token);
            else
                await storm.Cluster.Artifacts.DeleteAsync(victim, token);
        });
        return victim is not null;
    }
}
