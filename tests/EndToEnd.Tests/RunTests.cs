using System.Text.Json.Nodes;

namespace Pipeline.EndToEnd.Tests;

public sealed class RunTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string Variants = "[none, { method: fastv, layer: 2, keep: [0.5, 0.1] }, { method: uniform, keep: 0.25 }]";

    [Fact]
    public async Task A_job_ends_with_a_final_report_whose_counts_equal_the_manifests()
    {
        var job = workspace.Job("counts", "{ format: synthetic, count: 10, seed: 3 }", Variants, "shards: { samples: 4 }");
        var folder = workspace.In("counts");

        (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(0);

        var report = Workspace.Report(folder);
        report["final"]!.GetValue<bool>().ShouldBeTrue();
        report["samples"]!.GetValue<long>().ShouldBe(10);
        var variants = report["variants"]!.AsArray();
        variants.Select(v => v!["name"]!.GetValue<string>())
            .ShouldBe(["none", "fastv:layer=2,keep=0.5", "fastv:layer=2,keep=0.1", "uniform:keep=0.25"]);
        variants.ShouldAllBe(v => v!["samples"]!.GetValue<long>() == 10 && v["failures"]!.GetValue<long>() == 0);
        Tflops(variants, 2).ShouldBeLessThan(Tflops(variants, 1));
        Tflops(variants, 1).ShouldBeLessThan(Tflops(variants, 0));
        File.ReadAllText(Path.Combine(folder, "report.md")).ShouldContain("random");
        File.ReadAllText(Path.Combine(folder, "report.html")).ShouldContain("<svg");
    }

    [Fact]
    public async Task The_same_job_run_twice_and_cut_differently_gives_the_same_predictions_bit_for_bit()
    {
        var whole = workspace.Job("whole", "{ format: synthetic, count: 6, seed: 5 }", Variants, "shards: { samples: 6 }");
        var cut = workspace.Job("cut", "{ format: synthetic, count: 6, seed: 5 }", Variants, "shards: { samples: 2 }");

        (await PipelineCommand.RunAsync("run", whole, "--out", workspace.In("whole-1"))).ShouldExitWith(0);
        (await PipelineCommand.RunAsync("run", whole, "--out", workspace.In("whole-2"))).ShouldExitWith(0);
        (await PipelineCommand.RunAsync("run", cut, "--out", workspace.In("cut-1"))).ShouldExitWith(0);

        var digest = Digest("whole-1");
        Digest("whole-2").ShouldBe(digest);
        Digest("cut-1").ShouldBe(digest);

        string Digest(string name) => Workspace.Report(workspace.In(name))["digest"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_synthetic_dataset_written_to_disk_gives_the_metrics_of_the_one_drawn_on_the_way()
    {
        var data = workspace.In("scenes");
        (await PipelineCommand.RunAsync("dataset", "synth", "--count", "5", "--seed", "9", "--out", data)).ShouldExitWith(0);
        var drawn = workspace.Job("drawn", "{ format: synthetic, count: 5, seed: 9 }", Variants);
        var read = workspace.Job("read", $"{{ format: manifest, path: {data}/manifest.jsonl }}", Variants);

        (await PipelineCommand.RunAsync("run", drawn, "--out", workspace.In("drawn"))).ShouldExitWith(0);
        (await PipelineCommand.RunAsync("run", read, "--out", workspace.In("read"))).ShouldExitWith(0);

        Metrics("read").ShouldBe(Metrics("drawn"));

        string Metrics(string name) => string.Join(
            '\n',
            Workspace.Report(workspace.In(name))["variants"]!.AsArray().Select(v => $"{v!["name"]} {v["giou"]} {v["ciou"]}"));
    }

    [Fact]
    public async Task A_broken_image_is_a_failed_prediction_and_the_run_goes_on()
    {
        var data = await BrokenDataset("broken");
        var job = workspace.Job("broken", $"{{ format: manifest, path: {data} }}", Variants, "failures: { percent: 50 }");
        var folder = workspace.In("broken-out");

        (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(0);

        var report = Workspace.Report(folder);
        report["final"]!.GetValue<bool>().ShouldBeTrue();
        report["variants"]!.AsArray().ShouldAllBe(v => v!["failures"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task A_job_past_its_failure_budget_stops_and_says_why()
    {
        var data = await BrokenDataset("budget");
        var job = workspace.Job("budget", $"{{ format: manifest, path: {data} }}", Variants, "failures: { percent: 1 }");

        var outcome = (await PipelineCommand.RunAsync("run", job, "--out", workspace.In("budget-out"))).ShouldExitWith(1);

        (outcome.Output + outcome.Errors).ShouldContain("failure budget", Case.Insensitive);
        Workspace.Report(workspace.In("budget-out"))["state"]!.GetValue<string>().ShouldBe("stopped");
    }

    [Fact]
    public async Task A_wrong_job_file_starts_nothing()
    {
        var job = workspace.Job("wrong", "{ format: synthetic, count: 5 }", "[{ method: fastv, layer: 40, keep: 2 }]");
        var folder = workspace.In("wrong-out");

        var outcome = (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(2);

        outcome.Errors.ShouldContain("variants[0].layer");
        outcome.Errors.ShouldContain("variants[0].keep");
        Directory.Exists(folder).ShouldBeFalse();
    }

    private async Task<string> BrokenDataset(string name)
    {
        var folder = workspace.In(name);
        (await PipelineCommand.RunAsync("dataset", "synth", "--count", "6", "--seed", "2", "--out", folder)).ShouldExitWith(0);
        var manifest = Path.Combine(folder, "manifest.jsonl");
        var first = JsonNode.Parse(File.ReadLines(manifest).First())!;
        var image = Path.Combine(folder, first["image"]!.GetValue<string>());
        File.WriteAllBytes(image, File.ReadAllBytes(image)[..200]);
        return manifest;
    }

    private static double Tflops(JsonArray variants, int index) => variants[index]!["tflopsPerSample"]!.GetValue<double>();
}
