using System.Diagnostics;
using System.Globalization;
using Pipeline.Tests.Cluster;

namespace Pipeline.Benchmarks;

/// <summary>A hundred thousand and a million samples x 8 variants through the whole system, with workers that make their predictions up.</summary>
public sealed class Scale : IBenchmark
{
    private const int Variants = 8;
    private const int Shards = 200;
    private static readonly int[] Sizes = [100_000, 1_000_000];
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public string Description => $"{Variants} variants, {Shards} shards whatever the size, one orchestrator, two workers without inference";

    public void Run(BenchmarkSession session) => RunAsync(session).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchmarkSession session)
    {
        var resident = new List<double>();
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
            await using var messages = await MessageCount.StartAsync(cluster);
            var label = samples.ToString("N0", CultureInfo.InvariantCulture);
            var job = await RunJobAsync(cluster, samples);

            var times = await TimesAsync(cluster, job);
            session.Record($"{label}: planned", "samples/s", samples / times.Planning);
            session.Record($"{label}: through the system", "predictions/s", (double)samples * Variants / times.Running);
            session.Record($"{label}: dispatch latency, median", "ms", times.DispatchP50 * 1000);
            session.Record($"{label}: dispatch latency, p99", "ms", times.DispatchP99 * 1000);
            session.Record($"{label}: broker messages per sample", "messages", (double)messages.Count / samples);
            var report = await ReportTimesAsync(cluster, job);
            session.Record($"{label}: report", "ms", report);
            reports.Add(report.Min());
            resident.Add(PeakResident(cluster.Orchestrators[0].Id));
            session.Record($"{label}: orchestrator's largest resident memory", "MB", resident[^1]);
        }

        session.Record("report, a million over a hundred thousand", "x", reports[1] / reports[0]);
        session.Record("orchestrator's memory, a million over a hundred thousand", "x", resident[1] / resident[0]);
    }

    private static async Task<Guid> RunJobAsync(Cluster cluster, int samples)
    {
        var jobs = new ClusterJobs(cluster);
        var body = $$"""
            dataset: { format: synthetic, count: {{samples}}, seed: 3, expressions: 1 }
            model: { checkpoint: {{Path.GetFullPath("models/demo")}}, device: cpu }
            variants: [none, { method: fastv, layer: 2, keep: [0.5, 0.25, 0.1] }, { method: uniform, keep: [0.5, 0.25, 0.1] }, { method: random, keep: 0.5 }]
            shards: { samples: {{samples / Shards}} }
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
        var times = new double[5];
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
