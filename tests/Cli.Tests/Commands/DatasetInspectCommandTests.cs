using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Contracts.Synthetic;

namespace Pipeline.Cli.Tests.Commands;

public sealed class DatasetInspectCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("manifest", "taken for format manifest\n", 5)]
    [InlineData("reasonseg", "taken for format reasonseg, split val, texts first\n", 15)]
    [InlineData("refcoco", "taken for format refcoco, set refcoco, split_by unc, split val\n", 5)]
    [InlineData("coco", "taken for format coco, images ", 5)]
    public async Task A_folder_is_taken_for_what_it_looks_like_and_counted(string format, string taken, int samples)
    {
        await SynthAsync(format, 5);

        var outcome = await InspectAsync(folder["set"]);

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldBeEmpty();
        outcome.Output.ShouldContain(taken);
        outcome.Output.ShouldContain($"samples      {samples}\n");
        outcome.Output.ShouldContain("expressions  15: 15 phrases, 0 sentences; 15 with truth\n");
        outcome.Output.ShouldContain("width        96 to 96 pixels, median 96\n");
        outcome.Output.ShouldContain("height       64 to 64 pixels, median 64\n");
        outcome.Output.ShouldContain("masks        15 usable, 0 broken; 0 empty, 0 with ignored pixels, 0 with overlapping parts\n");
    }

    [Fact]
    public async Task Areas_and_kinds_are_those_of_the_scenes()
    {
        await SynthAsync("manifest", 20);

        var findings = await FindingsAsync(0, folder["set"]);

        var scenes = Enumerable.Range(0, 20).SelectMany(i => SyntheticScenes.Render(new(0, i, 96, 64)).Expressions).ToArray();
        var areas = scenes.Select(expression => (float)(expression.Mask.Area / (96.0 * 64))).Order().ToArray();
        var share = findings["masks"]!["share"]!;
        share["min"]!.GetValue<double>().ShouldBe(areas[0], 1e-6);
        share["median"]!.GetValue<double>().ShouldBe(areas[(areas.Length - 1) / 2], 1e-6);
        share["max"]!.GetValue<double>().ShouldBe(areas[^1], 1e-6);
        foreach (var kind in scenes.CountBy(expression => expression.Kind.ToString().ToLowerInvariant()))
            findings["expressions"]!["kinds"]![kind.Key]!.GetValue<long>().ShouldBe(kind.Value);
    }

    [Fact]
    public async Task What_is_missing_broken_or_there_twice_is_told_with_its_reason()
    {
        await SynthAsync("manifest", 8);
        File.Delete(folder["set/images/scene-0000001.png"]);
        File.WriteAllBytes(folder["set/images/scene-0000002.png"], File.ReadAllBytes(folder["set/images/scene-0000002.png"])[..300]);
        File.WriteAllText(folder["set/images/scene-0000003.png"], "");
        File.Copy(folder["set/images/scene-0000004.png"], folder["set/images/scene-0000005.png"], overwrite: true);
        var lines = File.ReadAllLines(folder["set/manifest.jsonl"]);
        lines[6] = lines[6].Replace("\"size\":[64,96]", "\"size\":[96,64]", StringComparison.Ordinal);
        File.WriteAllLines(folder["set/manifest.jsonl"], lines);

        var outcome = await InspectAsync(folder["set/manifest.jsonl"]);

        outcome.Code.ShouldBe(1);
        outcome.Output.ShouldContain("images       1 missing, 2 broken, 1 duplicates\n");
        outcome.Output.ShouldContain("3 images that cannot be used:\n");
        outcome.Output.ShouldContain("scene-0000001.png: does not exist\n");
        outcome.Output.ShouldContain("scene-0000002.png: is cut short (a PNG of 300 bytes without its last chunk)\n");
        outcome.Output.ShouldContain("scene-0000003.png: is empty (0 bytes)\n");
        outcome.Output.ShouldContain("3 masks that cannot be used:\n");
        outcome.Output.ShouldContain("the mask is 64x96, its image");
        outcome.Output.ShouldContain("1 images with the content of an earlier one:\n  scene-0000005 = scene-0000004\n");
    }

    [Fact]
    public async Task Only_the_first_few_faults_are_listed()
    {
        await SynthAsync("coco", 9);
        Directory.Delete(folder["set/val"], recursive: true);
        Directory.CreateDirectory(folder["set/val"]);

        var outcome = await InspectAsync(folder["set"]);

        outcome.Code.ShouldBe(1);
        outcome.Output.ShouldContain("9 images that cannot be used:\n");
        outcome.Output.ShouldContain("  and 4 more\n");
        (await FindingsAsync(1, folder["set"]))["images"]!["faults"]!.AsArray().Count.ShouldBe(5);
    }

    [Fact]
    public async Task Sentences_ignored_pixels_and_overlaps_are_counted()
    {
        await SynthAsync("reasonseg", 1);
        File.WriteAllText(folder["set/val/scene-0000000_0.json"], """{"text": ["Where?", "x"], "is_sentence": true, "shapes": [{"label": "ignore", "points": [[0, 0], [9, 9], [0, 9]]}]}""");

        var outcome = await InspectAsync(folder["set"], "--texts", "all");

        outcome.Output.ShouldContain("expressions  4: 2 phrases, 2 sentences; 4 with truth\n");
        outcome.Output.ShouldContain("masks        4 usable, 0 broken; 2 empty, 2 with ignored pixels, 0 with overlapping parts\n");
    }

    [Fact]
    public async Task A_job_is_inspected_by_its_dataset_alone()
    {
        var yaml = folder.Write("job.yaml", "name: a\ndataset: { format: synthetic, count: 3, size: 64, expressions: 2 }\nmodel: { checkpoint: gone }\n");
        var json = folder.Write("job.json", """{"dataset": {"format": "synthetic", "count": 3, "size": 64, "expressions": 2}}""");

        foreach (var job in (string[])[yaml, json])
        {
            var findings = await FindingsAsync(0, job);
            findings["samples"]!.GetValue<long>().ShouldBe(3);
            findings["dataset"]!["format"]!.GetValue<string>().ShouldBe("synthetic");
            findings["expressions"]!["withTruth"]!.GetValue<long>().ShouldBe(6);
            findings["masks"]!["usable"]!.GetValue<long>().ShouldBe(6);
            findings["images"]!["width"]!["median"]!.GetValue<int>().ShouldBe(64);
        }
    }

    [Fact]
    public async Task An_option_takes_the_place_of_a_guess()
    {
        await SynthAsync("refcoco", 2);

        var outcome = await InspectAsync(folder["set"], "--split", "testA");

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("has no ref of split testA; it has");
    }

    [Fact]
    public async Task What_cannot_be_read_is_bad_input_that_says_what_would_be_right()
    {
        Directory.CreateDirectory(folder["nothing"]);
        await SynthAsync("reasonseg", 1);
        var job = folder.Write("job.yaml", "dataset: { format: reasonseg, path: set, split: vla }\n");
        folder.Write("broken.jsonl", "{}\n");

        await Check("looks like none of manifest, reasonseg, refcoco or coco; name one with --format", folder["nothing"]);
        await Check("does not exist; expected a dataset or a job file", folder["gone"]);
        await Check("dataset.split   'vla' is not known; did you mean 'val'?", job);
        await Check("dataset.split   'vla' is not known; did you mean 'val'?", folder["set"], "--split", "vla");
        await Check("dataset.format   'cocoo' is not known; did you mean 'coco'?", folder["set"], "--format", "cocoo");
        await Check("dataset.images   belongs to format coco; remove it", folder["set"], "--images", folder["set"]);
        await Check("is a job file, which says all of its dataset; remove --split", job, "--split", "val");
        await Check("broken.jsonl:1 id: is missing; expected text", folder["broken.jsonl"]);

        async Task Check(string message, params string[] arguments)
        {
            var outcome = await InspectAsync(arguments);
            outcome.Code.ShouldBe(2, message);
            outcome.Error.ShouldContain(message);
        }
    }

    private static async Task<JsonNode> FindingsAsync(int code, string path)
    {
        var outcome = await InspectAsync(path, "--json");
        outcome.Code.ShouldBe(code);
        return JsonNode.Parse(outcome.Output).ShouldNotBeNull();
    }

    private async Task SynthAsync(string format, int count)
    {
        string[] arguments = ["synth", "--count", $"{count}", "--size", "96x64", "--format", format, "--out", folder["set"]];
        (await Terminal.RunAsync(new CommandLineApp(DatasetSynthCommand.Create()), token, arguments)).Code.ShouldBe(0);
    }

    private static Task<Terminal.Outcome> InspectAsync(params string[] arguments) =>
        Terminal.RunAsync(DatasetInspectCommand.Create(TimeProvider.System), ["inspect", .. arguments]);
}
