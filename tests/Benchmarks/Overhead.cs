using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Tests.Cluster;

namespace Pipeline.Benchmarks;

/// <summary>What the servers, the queue and the model's own process cost: the same job embedded, on one worker and on two.</summary>
public sealed class Overhead : IBenchmark
{
    private const int Samples = 96;
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Description => $"samples per second of {Samples} scenes x 3 expressions x 4 variants of the demo model, one thread a worker; {Rounds} rounds, interleaved";

    private static string Body => $$"""
        dataset: { format: synthetic, count: {{Samples}}, seed: 5 }
        model: { checkpoint: {{Path.GetFullPath("models/demo")}}, device: cpu }
        variants: [none, { method: fastv, layer: 2, keep: [0.5, 0.25] }, { method: uniform, keep: 0.25 }]
        shards: { samples: 8 }
        """;

    public void Run(BenchmarkSession session) => RunAsync(session).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("overhead-").FullName;
        try
        {
            List<double> embedded = [], one = [], two = [];
            for (var round = 0; round < Rounds; round++)
            {
                embedded.Add(Samples / await EmbeddedAsync(folder, round));
                one.Add(Samples / await OnWorkersAsync(1));
                two.Add(Samples / await OnWorkersAsync(2));
            }

            session.Record("embedded, one slot", "samples/s", embedded);
            session.Record("one worker", "samples/s", one);
            session.Record("two workers", "samples/s", two);
            session.Record("one worker / embedded", "x", one.Zip(embedded, (a, b) => a / b).ToArray());
            session.Record("two workers / one worker", "x", two.Zip(one, (a, b) => a / b).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> EmbeddedAsync(string folder, int round)
    {
        var job = Path.Combine(folder, "job.yaml");
        var output = Path.Combine(folder, $"out-{round}");
        await File.WriteAllTextAsync(job, $"name: overhead\n{Body}");
        using var run = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", job, "--slots", "1", "--out", output]);
        await run.WaitForExitAsync();
        return Seconds(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "report.json")))!);
    }

    /// <summary>The second of two jobs: a worker loads its model once, not once a job.</summary>
    private static async Task<double> OnWorkersAsync(int workers)
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Workers = workers, Lease = TimeSpan.FromMinutes(1) }, CancellationToken.None);
        var jobs = new ClusterJobs(cluster);
        var seconds = 0.0;
        for (var turn = 0; turn < 2; turn++)
        {
            var job = await jobs.SubmitAsync($"overhead-{turn}", Body, CancellationToken.None);
            await jobs.EndAsync(job, Patience, CancellationToken.None);
            seconds = Seconds(await jobs.ReportAsync(job, CancellationToken.None));
        }

        return seconds;
    }

    private static double Seconds(JsonNode report) => report["seconds"]!.GetValue<double>();
}
