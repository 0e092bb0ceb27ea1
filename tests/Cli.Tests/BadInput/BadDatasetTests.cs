using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Run;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Tests.Servers;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Whole jobs over datasets that are wrong: a manifest is refused at its first fault, an image or mask costs its own predictions only.</summary>
public sealed class BadDatasetTests(Database database, Workshop workshop, ITestOutputHelper output) : IClassFixture<Database>, IClassFixture<Workshop>
{
    private static readonly string[] Images =
    [
        "zero bytes.jpg", "text.jpg", "git lfs pointer.jpg", "animated.gif", "truncated.jpg", "missing scans.jpg", "giant header.jpg", "bomb.jpg", "truncated.png", "bad checksum.png", "giant header.png", "bomb.png", "rows missing.png",
    ];

    public static TheoryData<string> Manifests => [.. BadManifests.All.Select(manifest => manifest.Name)];

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task A_manifest_is_refused_with_its_line_and_field(string name)
    {
        var (_, content, reason) = BadManifests.All.Single(manifest => manifest.Name == name);

        var (outcome, _) = await RunAsync(workshop.File("manifest.jsonl", content));

        outcome.Code.ShouldBe(ExitCode.BadInput, outcome.Error);
        outcome.Error.ShouldContain($"error: planning failed: {reason}");
        outcome.Error.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task An_image_or_mask_that_cannot_be_read_is_a_failed_prediction_with_its_reason_and_the_others_count()
    {
        var folder = workshop.Folder();
        var lines = new List<string>();
        var reasons = new Dictionary<string, string>();
        foreach (var (name, content, reason) in BadImageFiles.All.Where(image => Images.Contains(image.Name)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
            Add(name, name, null, reason);
        }

        Add("gone", "gone.png", null, "gone.png does not exist");
        Add("folder", ".", null, "is a folder; expected a file");
        Add("device", "/dev/zero", null, "/dev/zero is a device or a pipe; expected a file");
        File.Copy(workshop.Image, Path.Combine(folder, "good.png"));
        AddMask("wrong size", ImageCodec.EncodeMaskPng(4, 3, new byte[12]), "the mask is 4x3, its image");
        AddMask("jpeg", ImageCodec.EncodeJpeg(Workshop.Pattern(40, 30), 90), "is a JPEG, which does not keep the values of a mask; a mask is a PNG");
        AddMask("16 bits", PngBytes.Of(40, 30, 16, 0, [.. Enumerable.Repeat(new byte[80], 30)]), "has 16 bits per sample; a mask has at most 8");
        AddMask("cut", ImageCodec.EncodeMaskPng(40, 30, new byte[1200])[..^8], "is cut short");
        AddMask("good 1", ImageCodec.EncodeMaskPng(40, 30, [.. Enumerable.Repeat((byte)1, 1200)]), "");
        Add("good 2", "good.png", null, "");
        File.WriteAllLines(Path.Combine(folder, "manifest.jsonl"), lines);

        var (outcome, report) = await RunAsync(Path.Combine(folder, "manifest.jsonl"));

        outcome.Code.ShouldBe(ExitCode.Ok, outcome.Error);
        report!["final"]!.GetValue<bool>().ShouldBeTrue();
        report["samples"]!.GetValue<long>().ShouldBe(reasons.Count + 2);
        report["failures"]!.GetValue<long>().ShouldBe(reasons.Count);
        var failures = report["firstFailures"]!.AsArray().ToDictionary(failure => failure!["sample"]!.GetValue<string>(), failure => failure!["reason"]!.GetValue<string>());
        failures.Keys.ShouldBe(reasons.Keys, ignoreOrder: true);
        foreach (var (sample, reason) in reasons)
            failures[sample].ShouldContain(reason);
        failures.Values.ShouldAllBe(reason => !reason.Contains("Exception") && !reason.Contains("Object reference"));

        void Add(string id, string image, string? mask, string reason)
        {
            lines.Add(new JsonObject { ["id"] = id, ["image"] = image, ["expressions"] = new JsonArray(new JsonObject { ["text"] = "the ring", ["mask"] = mask }) }.ToJsonString());
            if (reason.Length > 0)
                reasons.Add(id, reason);
        }

        void AddMask(string id, byte[] mask, string reason)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{id}.mask.png"), mask);
            Add(id, "good.png", $"{id}.mask.png", reason);
        }
    }

    private async Task<(Terminal.Outcome Outcome, JsonNode? Report)> RunAsync(string manifest)
    {
        var job = workshop.Job($"{{ format: manifest, path: {manifest} }}", more: "failures: { percent: 100 }");
        var folder = Path.Combine(workshop.Folder(), "out");

        var outcome = await Terminal.RunAsync(
            RunCommand.Create(new ModelCatalog(), EmbeddedRun.ExecuteAsync, TimeProvider.System), "run", job, "--out", folder, "--ledger", database.Connection);

        output.WriteLine($"{outcome.Code}\n{outcome.Output}{outcome.Error}");
        var report = Path.Combine(folder, "report.json");
        return (outcome, File.Exists(report) ? JsonNode.Parse(File.ReadAllBytes(report)) : null);
    }
}
