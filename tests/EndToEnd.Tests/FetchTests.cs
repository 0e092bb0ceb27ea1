using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;

namespace Pipeline.EndToEnd.Tests;

public sealed class FetchTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string Variants = "[none, { method: uniform, keep: 0.25 }]";
    private const int Good = 6;

    [Fact]
    public async Task Fetched_images_have_the_predictions_of_the_same_images_on_disk_and_bad_hosts_fail_their_own_samples_only()
    {
        var data = workspace.In("scenes");
        (await PipelineCommand.RunAsync("dataset", "synth", "--count", $"{Good}", "--seed", "9", "--out", data)).ShouldExitWith(0);
        await using var host = await ImageHost.StartAsync(data);
        var manifest = WriteManifest(data, host.Address);
        var onDisk = workspace.Job("disk", $"{{ format: manifest, path: {data}/manifest.jsonl }}", Variants);
        var fetched = workspace.Job("fetched", $"{{ format: manifest, path: {manifest}, urls: allow }}", Variants, "shards: { samples: 4 }\nfailures: { percent: 100 }");

        (await PipelineCommand.RunAsync("run", onDisk, "--out", workspace.In("disk-out"))).ShouldExitWith(0);
        (await RunAsync(fetched, "fetched-out")).ShouldExitWith(0);

        var predictions = await PredictionsAsync("fetched-out");
        var good = predictions.Where(prediction => prediction.Failure is null).ToList();
        PredictionDigest.Of(good).ToString().ShouldBe(PredictionDigest.Of(await PredictionsAsync("disk-out")).ToString());
        predictions.Where(prediction => prediction.Failure is not null)
            .Select(prediction => (prediction.Sample, prediction.Failure!.Class, prediction.Failure.Stage, prediction.Failure.Reason)).Distinct().ShouldBe(
            [
                ("gone", FaultClass.Poison, "fetch", $"{host.Address}/gone.png?...: answered 404 (NotFound)"),
                ("metadata", FaultClass.Poison, "fetch", $"{host.Address}/metadata.png, redirected to http://169.254.169.254/latest/meta-data/iam: 169.254.169.254 is 169.254.169.254, which is link-local, where clouds answer with a machine's credentials; nothing is fetched from there"),
                ("endless", FaultClass.Poison, "fetch", $"{host.Address}/endless.png: has more than 2000000 bytes, the most that are fetched (Fetch:LargestBytes)"),
                ("silent", FaultClass.Transient, "fetch", $"{host.Address}/silent.png: did not answer in full within 3 s"),
            ],
            ignoreOrder: true);
        Workspace.Report(workspace.In("fetched-out"))["final"]!.GetValue<bool>().ShouldBeTrue();

        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Token)).Replace("secret-1", "secret-2", StringComparison.Ordinal), Token);
        var changed = (await RunAsync(fetched, "fetched-out")).ShouldExitWith(2);
        changed.Errors.ShouldContain("image.url: another query");
        changed.Errors.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Without_the_jobs_word_nothing_is_fetched_and_without_the_users_nothing_from_this_machine()
    {
        await using var host = await ImageHost.StartAsync(workspace.Folder);
        var manifest = workspace.In("one.jsonl");
        await File.WriteAllTextAsync(manifest, $$"""{"id":"a","image":"{{host.Address}}/a.png","expressions":[{"text":"x"}]}""", Token);
        var silent = workspace.Job("silent", $"{{ format: manifest, path: {manifest} }}", Variants);
        var allowed = workspace.Job("allowed", $"{{ format: manifest, path: {manifest}, urls: allow }}", Variants, "failures: { percent: 100 }");

        (await PipelineCommand.RunAsync("run", silent, "--out", workspace.In("silent-out"))).ShouldExitWith(2)
            .Errors.ShouldContain("one.jsonl:1 image: '" + host.Address + "/a.png' is an address; use a file, or let the job fetch images with dataset: { urls: allow }");
        (await PipelineCommand.RunAsync("run", allowed, "--out", workspace.In("allowed-out"))).ShouldExitWith(0);

        (await PredictionsAsync("allowed-out")).ShouldAllBe(prediction => prediction.Failure!.Reason.EndsWith("127.0.0.1 is 127.0.0.1, which is this machine itself; nothing is fetched from there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_setting_stops_a_run_before_it_begins()
    {
        var job = workspace.Job("setting", "{ format: synthetic, count: 1 }", Variants);
        var settings = new Dictionary<string, string?> { ["Fetch__PrivateNetworks__0"] = "169.254.0.0/16", ["Images__LargestBytes"] = "0" };
        using var process = PipelineCommand.Start(settings, "run", job, "--out", workspace.In("setting-out"));

        var outcome = (await PipelineCommand.FinishAsync(process)).ShouldExitWith(2);

        outcome.Errors.ShouldContain("169.254.0.0/16 can never be allowed");
        outcome.Errors.ShouldContain("Images:LargestBytes is 1 to 1073741824");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<CommandOutcome> RunAsync(string job, string folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Fetch__PrivateNetworks__0"] = "127.0.0.0/8",
            ["Fetch__LargestBytes"] = "2000000",
            ["Fetch__TrySeconds"] = "3",
            ["Fetch__Tries"] = "1",
        };
        using var process = PipelineCommand.Start(settings, "run", job, "--out", workspace.In(folder));
        return await PipelineCommand.FinishAsync(process);
    }

    /// <summary>The scenes, some with their hash and one by a detour, among addresses that lead to nothing good.</summary>
    private string WriteManifest(string data, string address)
    {
        var lines = new List<string>();
        string[] bad = ["gone.png?key=secret-1", "metadata.png", "endless.png", "silent.png"];
        foreach (var line in File.ReadLines(Path.Combine(data, "manifest.jsonl")))
        {
            var sample = JsonNode.Parse(line)!.AsObject();
            var file = sample["image"]!.GetValue<string>();
            sample["image"] = lines.Count == 0 ? $"{address}/moved.png?to={file}" : $"{address}/{file}";
            if (lines.Count % 2 == 0)
                sample["sha256"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(data, file))));
            foreach (var expression in sample["expressions"]!.AsArray())
            {
                if (expression!["mask"] is JsonValue mask)
                    expression["mask"] = Path.Combine(data, mask.GetValue<string>());
            }

            lines.Add(sample.ToJsonString());
            if (lines.Count / 2 < bad.Length)
                lines.Add(JsonSerializer.Serialize(new { id = bad[lines.Count / 2].Split('.')[0], image = $"{address}/{bad[lines.Count / 2]}", expressions = new[] { new { text = "x" } } }));
        }

        var manifest = workspace.In("urls.jsonl");
        File.WriteAllLines(manifest, lines);
        return manifest;
    }

    private async Task<IReadOnlyList<Prediction>> PredictionsAsync(string folder)
    {
        var predictions = new List<Prediction>();
        foreach (var file in Directory.GetFiles(Path.Combine(workspace.In(folder), "artifacts"), "*.jsonl.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using var stream = File.OpenRead(file);
            predictions.AddRange((await ShardResultFile.ReadAsync(stream, file, Token)).Predictions);
        }

        return predictions;
    }
}
