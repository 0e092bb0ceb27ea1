using System.Diagnostics;
using System.Globalization;
using Pipeline.Tests.Cluster;

namespace Pipeline.Benchmarks;

/// <summary>A hundred thousand and a million samples x 8 variants through the whole system, with workers that make their predictions up.</summary>
public sealed class Scale : IBenchmark
{
    private const int Variants = 8;
    private const int SamplesPerShard = 500;
    private const int WarmUp = 10_000;
    private static readonly int[] Sizes = [100_000, 1_000_000];
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public string Description => $"{Variants} variants, {SamplesPerShard} samples a shard, one orchestrator, two workers without inference";

    public void Run(BenchmarkSession session) => RunAsync(session).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("scale-").FullName;
        try
        {
            await RunAsync(session, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(BenchmarkSession session, string folder)
    {
        var resident = new List<double>();
        var firsts = new List<double>();
        var reports = new List<double>();
        foreach (var samples in Sizes)
        {
            var options = new ClusterOptions
            {
                Workers = 2,
                Lease = TimeSpan.FromMinutes(1),
                WorkerSettings = new Dictionary<string, string> { ["Worker__Engine"] = "seeded" },
            };
            await using var cluster = await Cluster.StartAsync(options, CancellationToken.None);
            await RunJobAsync(cluster, await WriteManifestAsync(folder, WarmUp), WarmUp);
            await using var messages = await MessageCount.StartAsync(cluster);
            var label = samples.ToString("N0", CultureInfo.InvariantCulture);
            var job = await RunJobAsync(cluster, await WriteManifestAsync(folder, samples), samples);

            var times = await TimesAsync(cluster, job);
            session.Record($"{label}: planned", "samples/s", samples / times.Planning);
            session.Record($"{label}: through the system", "predictions/s", (double)samples * Variants / times.Running);
            session.Record($"{label}: dispatch latency, median", "ms", times.DispatchP50 * 1000);
            session.Record($"{label}: dispatch latency, p99", "ms", times.DispatchP99 * 1000);
            session.Record($"{label}: broker messages per thousand samples", "messages", messages.Count * 1000.0 / samples);
            var report = await ReportTimesAsync(cluster, job);
            session.Record($"{label}: first report", "ms", report[0]);
            session.Record($"{label}: later reports", "ms", report[1..]);
            firsts.Add(report[0]);
            reports.Add(report[1..].Order().ElementAt(report.Length / 2 - 1));
            resident.Add(PeakResident(cluster.Orchestrators[0].Id));
            session.Record($"{label}: orchestrator's largest resident memory", "MB", resident[^1]);
        }

        session.Record("first report, a million over a hundred thousand", "x", firsts[1] / firsts[0]);
        session.Record("later reports, a million over a hundred thousand", "x", reports[1] / reports[0]);
        session.Record("orchestrator's memory, a million over a hundred thousand", "x", resident[1] / resident[0]);
    }

    /// <summary>Every line names an image of a few hundred bytes, which planning reads and hashes.</summary>
    private static async Task<string> WriteManifestAsync(string folder, int samples)
    {
        var path = Path.Combine(folder, $"{samples}.jsonl");
        await File.WriteAllBytesAsync(Path.Combine(folder, "image.png"), new byte[512]);
        await using var writer = new StreamWriter(path);
        for (var sample = 0; sample < samples; sample++)
            await writer.WriteLineAsync($$"""{"id": "sample-{{sample:D7}}", "image": "image.png", "expressions": [{"text": "the red shape at the left"}]}""");
        return path;
    }

    private static async Task<Guid> RunJobAsync(Cluster cluster, string manifest, int samples)
    {
        var jobs = new ClusterJobs(cluster);
        var body = $$"""
            dataset: { format: manifest, path: {{manifest}} }
            model: { checkpoint: {{Path.GetFullPath("models/demo")}}, device: cpu }
            variants: [none, { method: fastv, layer: 2, keep: [0.5, 0.25, 0.1] }, { method: uniform, keep: [0.5, 0.25, 0.1] }, { method: random, keep: 0.5 }]
            shards: { samples: {{SamplesPerShard}} }
            outputs: { masks: none, overlays: 0 }
            """;
        var job = await jobs.SubmitAsync($"scale-{samples}", body, CancellationToken.None);
        await jobs.EndAsync(job, Patience, CancellationToken.None);
        return job;
    }

    /// <summary>A shard's dispatch latency: from the end of a shard, which makes room in the window, to the sending of the next.</summary>
    private static async Task<(double Planning, double Running, double DispatchP50, double DispatchP99)> TimesAsync(Cluster cluster, Guid job) => (await cluster.ListAsync(
        $"""
        WITH ends AS (SELECT done_at FROM shards WHERE job = '{job}' AND state = 'done'),
        waits AS (
            SELECT extract(epoch FROM (SELECT min(sent_at) FROM attempts WHERE job = '{job}' AND sent_at >= ends.done_at) - ends.done_at) AS seconds FROM ends)
        SELECT extract(epoch FROM started_at - submitted_at)::float8, extract(epoch FROM ended_at - started_at)::float8,
            (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM waits WHERE seconds IS NOT NULL)::float8,
            (SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds) FROM waits WHERE seconds IS NOT NULL)::float8
        FROM jobs WHERE id = '{job}'
        """,
        reader => (reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3)),
        CancellationToken.None))[0];

    private static async Task<double[]> ReportTimesAsync(Cluster cluster, Guid job)
    {
        var jobs = new ClusterJobs(cluster);
        var times = new double[9];
        for (var turn = 0; turn < times.Length; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            await jobs.ReportAsync(job, CancellationToken.None);
            times[turn] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }

    private static double PeakResident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000;
    }
}
