using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos;

/// <summary>Submits the same question again and again, cut differently each time, and follows what becomes of it.</summary>
internal sealed class JobStream(Cluster cluster, string checkpoint, int seed)
{
    private readonly ClusterJobs client = new(cluster);
    private readonly List<Guid> all = [];
    private readonly HashSet<Guid> done = [];

    public IReadOnlyList<Guid> All => all;

    public async Task KeepRunningAsync(int atOnce, CancellationToken token)
    {
        foreach (var job in all.Except(done).ToArray())
        {
            if (await client.IsDoneAsync(job, token))
                done.Add(job);
        }

        while (all.Count - done.Count < atOnce)
            await SubmitAsync(token);
    }

    public async Task<Guid> SubmitAsync(CancellationToken token)
    {
        var body = $$"""
            dataset: { format: synthetic, count: 40, seed: 11, expressions: 2 }
            model: { checkpoint: {{checkpoint}}, device: cpu }
            variants: [none, { method: fastv, layer: 2, keep: 0.25 }]
            shards: { samples: {{3 + (all.Count % 3)}} }
            """;
        var id = await client.SubmitAsync($"chaos-{seed}-{all.Count + 1}", body, token);
        all.Add(id);
        return id;
    }

    public async Task EndAsync(Guid job, TimeSpan patience, CancellationToken token)
    {
        await client.EndAsync(job, patience, token);
        done.Add(job);
    }

    public Task<System.Text.Json.Nodes.JsonNode> ReportAsync(Guid job, CancellationToken token) => client.ReportAsync(job, token);
}
