using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using TorchSharp;

namespace Pipeline.Benchmarks;

/// <summary>What a whole run costs beside the model: planning, drawing, run lengths, overlaps, ledger and report, against a loop that does nothing but encode and segment.</summary>
public sealed class EmbeddedRun : IBenchmark
{
    private const int Samples = 96;
    private const int Rounds = 3;
    private const int Expressions = 3;
    private const int Seed = 5;
    private const string Sweep = "[none, 'fastv:layer=2,keep=0.5', 'fastv:layer=2,keep=0.25', 'uniform:keep=0.25']";

    public string Description =>
        $"samples per second of {Samples} scenes x {Expressions} expressions x 4 variants of the demo model, one slot of one thread: `pipeline run` from its first shard to its end, model loading included, "
        + $"against the model called in a loop on images in memory, loading included too; {Rounds} rounds, interleaved";

    private static string Checkpoint => Path.GetFullPath("models/demo");

    private static string Body => $$"""
        name: embedded
        dataset: { format: synthetic, count: {{Samples}}, seed: {{Seed}}, expressions: {{Expressions}} }
        model: { checkpoint: {{Checkpoint}}, device: cpu }
        variants: {{Sweep}}
        shards: { samples: 16 }
        """;

    public void Run(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("embedded-").FullName;
        try
        {
            var job = Path.Combine(folder, "job.yaml");
            File.WriteAllText(job, Body);
            var variants = JobFile.Read(job, new ModelCatalog()).Spec!.Variants.Select(PruningMethods.Create).ToList();
            var scenes = Enumerable.Range(0, Samples).Select(Scene).ToList();
            List<double> runs = [], loops = [];
            for (var round = 0; round < Rounds; round++)
            {
                runs.Add(RunJob(job, Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture))));
                loops.Add(Loop(scenes, variants));
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
        using var run = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", job, "--slots", "1", "--out", output])
        {
            RedirectStandardOutput = true,
        })!;
        run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return Samples / JsonNode.Parse(File.ReadAllText(Path.Combine(output, "report.json")))!["seconds"]!.GetValue<double>();
    }

    /// <summary>On a thread of its own, as the run's slot has.</summary>
    private static double Loop(List<(RgbImage Image, Expression[] Expressions)> scenes, List<IPruningMethod> variants)
    {
        var seconds = 0.0;
        var thread = new Thread(() =>
        {
            torch.set_num_threads(1);
            var start = Stopwatch.GetTimestamp();
            using var model = LisaModel.Load(Checkpoint, torch.CPU, torch.ScalarType.Float32);
            foreach (var (image, expressions) in scenes)
            {
                using var encoded = model.Encode(image);
                foreach (var variant in variants)
                    model.Segment(encoded, expressions, variant);
            }

            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        thread.Start();
        thread.Join();
        return scenes.Count / seconds;
    }

    private static (RgbImage Image, Expression[] Expressions) Scene(int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(Seed, index, 256, 256), Expressions);
        return (new RgbImage(scene.Width, scene.Height, scene.Rgb), [.. scene.Expressions.Select(expression => new Expression(expression.Text, expression.IsSentence, null))]);
    }
}
