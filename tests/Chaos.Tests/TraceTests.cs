using Pipeline.Servers.Processes;
using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Tests;

public sealed class TraceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_follows_a_shard_from_dispatch_through_the_worker_to_ingest()
    {
        using var spans = new Spans(LoopbackPort.Free());
        var export = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = spans.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using var cluster = await Cluster.StartAsync(
            new ClusterOptions { OrchestratorSettings = export, WorkerSettings = new Dictionary<string, string>(export) { ["Worker__Engine"] = "seeded" } }, Token);
        var jobs = new ClusterJobs(cluster);
        var job = await jobs.SubmitAsync(
            "traced",
            $$"""
            dataset: { format: synthetic, count: 3, seed: 1 }
            model: { checkpoint: {{Repository.DemoModel}}, device: cpu }
            variants: [none]
            """,
            Token);

        await jobs.EndAsync(job, TimeSpan.FromMinutes(1), Token);
        // The last spans leave when their hosts do.
        foreach (var host in cluster.Workers.Concat(cluster.Orchestrators))
            await host.StopAsync(Token);

        spans.ByTrace().ShouldContain(trace => trace.Contains("shard.dispatch") && trace.Contains("shard") && trace.Contains("shard.ingest"));
    }
}
