using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Tests.Jobs;

namespace Pipeline.Contracts.Tests.Documentation;

public sealed partial class DocumentationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DocumentationTests() => folder.Write("models/demo/config.json", "{}");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_example_of_the_job_reference_is_a_right_job()
    {
        var reading = JobFile.Read(folder.Write("job.yaml", Block("jobs.md", "yaml")), new FakeModelCatalog());

        reading.Faults.ShouldBeEmpty();
        reading.Spec!.Variants.Select(variant => variant.Name).ShouldBe([
            "none",
            "fastv:layer=2,keep=0.5",
            "fastv:layer=1,keep=0.25",
            "fastv:layer=1,keep=0.1",
            "fastv:layer=3,keep=0.25",
            "fastv:layer=3,keep=0.1",
            "random:count=64",
            "uniform:count=64"]);
    }

    [Fact]
    public void The_job_reference_lists_every_key_of_a_specification_and_no_other()
    {
        var full = new JobSpec
        {
            Name = "x",
            Dataset = new DatasetSpec("manifest") { Path = "x", Images = "x", Set = "x", SplitBy = "x", Texts = "x", Urls = ImageUrls.Allow },
            Model = new ModelSpec("x") { MaxNewTokens = 1, Conversation = "x" },
            Variants = [],
            Failures = new FailureBudget { Count = 1 },
        };
        var keys = Keys(JsonSerializer.SerializeToNode(full, ContractsJson.Options)!.AsObject(), "");

        var documented = KeyRow().Matches(Text("jobs.md")).Select(match => match.Groups[1].Value);

        documented.Order().ShouldBe(keys.Order());
    }

    [Fact]
    public async Task The_example_of_the_dataset_reference_is_a_right_manifest()
    {
        var samples = new List<Sample>();
        await foreach (var sample in ManifestFile.ReadAsync(folder.Write("set.jsonl", Block("datasets.md", "json")), TestContext.Current.CancellationToken))
            samples.Add(sample);

        samples.Select(sample => sample.Id).ShouldBe(["kitchen-1", "kitchen-2"]);
        samples[1].Expressions[0].Mask!.Rle!.ToRuns().ShouldBe([5, 2, 2, 2, 1]);
    }

    [Fact]
    public async Task The_example_of_images_at_addresses_is_a_right_manifest()
    {
        var line = Regex.Match(Text("datasets.md"), "^\\{\"id\": \"street-1\".*$", RegexOptions.Multiline).Value;
        var read = ManifestFile.ReadAsync(folder.Write("urls.jsonl", line), DataRoots.Everywhere, ImageUrls.Allow, TestContext.Current.CancellationToken);

        (await read.ToListAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Image.Url.ShouldStartWith("https://");
    }

    private static IEnumerable<string> Keys(JsonObject mapping, string path) => mapping.SelectMany(entry => entry.Value switch
    {
        JsonObject inner => Keys(inner, $"{path}{entry.Key}."),
        _ => [$"{path}{JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Key)}"],
    });

    private static string Block(string file, string language) =>
        Regex.Match(Text(file), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository(), "docs", file));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `([a-z_.]+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex KeyRow();
}
