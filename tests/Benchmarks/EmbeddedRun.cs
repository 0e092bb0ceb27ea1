using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Benchmarks;

/// <summary>What a whole run costs beside the model: planning, drawing, run lengths, overlaps, ledger and report, against a program that does nothing but encode and segment.</summary>
public sealed class EmbeddedRun : IBenchmark
{
    private const int Samples = 192;
    private const int Rounds = 3;

    public string Description =>
        $"samples per second of {Samples} scenes x 3 expressions x 4 variants of the demo model on one thread, each in a process of its own: `pipeline run` with one slot, from its first shard to its end, "
        + $"against the model called in a loop on images in memory; both load it; {Rounds} rounds, interleaved";

    private static string Body => $$"""
        name: embedded
        dataset: { format: synthetic, count: {{Samples}}, seed: 5, expressions: 3 }
        model: { checkpoint: {{Path.GetFullPath("models/demo")}}, device: cpu }
        variants: [none, 'fastv:layer=2,keep=0.5', 'fastv:layer=2,keep=0.25', 'uniform:keep=0.25']
        shards: { samples: 16 }
        """;

    public void Run(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("embedded-").FullName;
        try
        {
            var job = Path.Combine(folder, "job.yaml");
            File.WriteAllText(job, Body);
            List<double> runs = [], loops = [];
            for (var round = 0; round < Rounds; round++)
            {
                runs.Add(RunJob(job, Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture))));
                loops.Add(Samples / double.Parse(Start("Pipeline.Benchmarks.dll", BareLoop.Verb, job), CultureInfo.InvariantCulture));
            }

            session.Record("bare model loop", "samples/s", loops);
            session.Record("embedded run", "samples/s", runs);
            session.Record("embedded run / bare model loop", "x", runs.Zip(loops, (run, loop) => run / loop).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double RunJob(string job, string output)
    {
        Start("pipeline.dll", "run", job, "--slots", "1", "--out", output);
        return Samples / JsonNode.Parse(File.ReadAllText(Path.Combine(output, "report.json")))!["seconds"]!.GetValue<double>();
    }

    /// <returns>What it printed.</returns>
    private static string Start(string assembly, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{assembly} {arguments[0]} ended with {process.ExitCode}");
    }
}
