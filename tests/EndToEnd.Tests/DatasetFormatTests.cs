namespace Pipeline.EndToEnd.Tests;

public sealed class DatasetFormatTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string Variants = "[none, { method: uniform, keep: 0.25 }]";

    [Fact]
    public async Task The_same_scenes_in_every_layout_give_the_same_metrics()
    {
        var manifest = await MetricsAsync("manifest", "{ format: manifest, path: PATH/manifest.jsonl }", "--images", "jpeg");

        (await MetricsAsync("reasonseg", "{ format: reasonseg, path: PATH, split: val }")).ShouldBe(manifest);
        (await MetricsAsync("refcoco", "{ format: refcoco, path: PATH, set: refcoco, split_by: unc, split: val }")).ShouldBe(manifest);
        (await MetricsAsync("coco", "{ format: coco, path: PATH/annotations/instances_val.json, images: PATH/val }")).ShouldBe(manifest);
    }

    [Fact]
    public async Task An_image_that_is_missing_fails_its_predictions_and_a_damaged_annotation_stops_the_job()
    {
        var data = await SynthAsync("holes", "reasonseg");
        File.Delete(Path.Combine(data, "val", "scene-0000001_0.jpg"));
        var job = workspace.Job("holes", $"{{ format: reasonseg, path: {data}, split: val }}", "[none]", "failures: { percent: 50 }");
        (await PipelineCommand.RunAsync("run", job, "--out", workspace.In("holes-1"))).ShouldExitWith(0);
        Workspace.Report(workspace.In("holes-1"))["variants"]![0]!["failures"]!.GetValue<long>().ShouldBe(1);

        File.WriteAllText(Path.Combine(data, "val", "scene-0000002_0.json"), "{\"text\": []}");
        var outcome = (await PipelineCommand.RunAsync("run", job, "--out", workspace.In("holes-2"))).ShouldExitWith(2);
        outcome.Errors.ShouldContain("scene-0000002_0.json: has no shapes; expected a list of polygons");
    }

    private async Task<string> MetricsAsync(string format, string dataset, params string[] options)
    {
        var data = await SynthAsync(format, format, options);
        var job = workspace.Job($"{format}-job", dataset.Replace("PATH", data, StringComparison.Ordinal), Variants);
        (await PipelineCommand.RunAsync("run", job, "--out", workspace.In($"{format}-out"))).ShouldExitWith(0);
        var report = Workspace.Report(workspace.In($"{format}-out"));
        return string.Join('\n', report["variants"]!.AsArray().Select(v => $"{v!["name"]} {v["samples"]} {v["failures"]} {v["giou"]} {v["ciou"]}"));
    }

    private async Task<string> SynthAsync(string name, string format, params string[] options)
    {
        var data = workspace.In($"{name}-data");
        (await PipelineCommand.RunAsync(["dataset", "synth", "--count", "5", "--seed", "9", "--expressions", "1", "--format", format, "--out", data, .. options])).ShouldExitWith(0);
        return data;
    }
}
