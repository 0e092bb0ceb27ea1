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
            List<double> embedded = [], beside = [], first = [], one = [], two = [];
            for (var round = 0; round < Rounds; round++)
            {
                embedded.Add(await EmbeddedAsync(folder, $"alone-{round}"));
                var both = await Task.WhenAll(EmbeddedAsync(folder, $"left-{round}"), EmbeddedAsync(folder, $"right-{round}"));
                beside.Add(both.Sum());
                var worker = await OnWorkersAsync(1);
                first.Add(worker.First);
                one.Add(worker.Second);
                two.Add((await OnWorkersAsync(2)).Second);
            }

            session.Record("embedded, one slot", "samples/s", embedded);
            session.Record("two embedded runs side by side", "samples/s", beside);
            session.Record("one worker, its first job", "samples/s", first);
            session.Record("one worker, its second job", "samples/s", one);
            session.Record("two workers, their second job", "samples/s", two);
            session.Record("one worker's first job / embedded", "x", first.Zip(embedded, (a, b) => a / b).ToArray());
            session.Record("one worker's second job / embedded", "x", one.Zip(embedded, (a, b) => a / b).ToArray());
            session.Record("two embedded runs / one", "x", beside.Zip(embedded, (a, b) => a / b).ToArray());
            session.Record("two workers / one worker", "x", two.Zip(one, (a, b) => a / b).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> EmbeddedAsync(string folder, string name)
    {
        var job = Path.Combine(folder, $"{name}.yaml");
        var output = Path.Combine(folder, name);
        await File.WriteAllTextAsync(job, $"name: overhead\n{Body}");
        using var run = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", job, "--slots", "1", "--out", output]);
        await run.WaitForExitAsync();
        return Rate(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "report.json")))!);
    }

    /// <summary>Two jobs, one after the other: the first loads the model, as the embedded run does, and the second finds it loaded.</summary>
    private static async Task<(double First, double Second)> OnWorkersAsync(int workers)
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Workers = workers, Lease = TimeSpan.FromMinutes(1) }, CancellationToken.None);
        var jobs = new ClusterJobs(cluster);
        return (await RunJobAsync("overhead-first"), await RunJobAsync("overhead-second"));

        async Task<double> RunJobAsync(string name)
        {
            var job = await jobs.SubmitAsync(name, Body, CancellationToken.None);
            await jobs.EndAsync(job, Patience, CancellationToken.None);
            return Rate(await jobs.ReportAsync(job, CancellationToken.None));
        }
    }

    /// <summary>Samples per second of a job.</summary>
    private static double Rate(JsonNode report) => Samples / report["seconds"]!.GetValue<double>();
}
