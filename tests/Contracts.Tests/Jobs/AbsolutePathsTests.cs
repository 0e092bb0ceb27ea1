using System.Text;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Tests.Jobs;

public sealed class AbsolutePathsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AbsolutePathsTests()
    {
        folder.Write("sets/ä.jsonl", "");
        folder.Write("models/tiny/config.json", "{}");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("dataset: { format: manifest, path: sets/ä.jsonl }   # ü\nmodel:\n  checkpoint: models/tiny # small\n  device: cpu\n")]
    [InlineData("dataset:\n  path: \"sets/ä.jsonl\"\n  format: manifest\nmodel: {checkpoint: 'models/tiny'}\nvariants: [{ method: none, path: sets }]\n")]
    public void Paths_of_a_YAML_job_become_absolute_in_place(string job) => Check(job, "job.yaml");

    [Theory]
    [InlineData("{\n\t\"dataset\": { \"path\": \"sets/ä.jsonl\", \"format\": \"manifest\" },\n\t\"model\": { \"checkpoint\" : \"models/tiny\" }, \"x\": [{ \"path\": \"sets\" }]\n}")]
    [InlineData("{\"model\":{\"checkpoint\":\"models\\/tiny\"},\"dataset\":{\"path\":\"sets\\/\\u00e4.jsonl\"}}")]
    public void Paths_of_a_JSON_job_become_absolute_in_place(string job) => Check(job, "job.json");

    [Fact]
    public void The_folder_of_the_images_becomes_absolute_too() => Absolute("dataset: { path: models, images: models/tiny }\n", "job.yaml")
        .ShouldBe($"dataset: {{ path: \"{folder["models"]}\", images: \"{folder["models/tiny"]}\" }}\n");

    [Theory]
    [InlineData("dataset: { path: sets/gone.jsonl }\nmodel: { checkpoint: /models/elsewhere }\n", "job.yaml")]
    [InlineData("dataset: { path: http://example.org/set.jsonl }\n", "job.yaml")]
    [InlineData("dataset: [1, 2\n", "job.yaml")]
    [InlineData("{ \"dataset\": ", "job.json")]
    [InlineData("", "job.yaml")]
    [InlineData(": {}*a", "job.yaml")]
    [InlineData("{\"name\":\"\\ud800\"}", "job.json")]
    public void What_is_not_here_or_cannot_be_read_stays_as_it_is(string job, string name) => Absolute(job, name).ShouldBe(job);

    private void Check(string job, string name)
    {
        var expected = job
            .Replace("\"sets/ä.jsonl\"", "sets/ä.jsonl", StringComparison.Ordinal).Replace("\"sets\\/\\u00e4.jsonl\"", "sets/ä.jsonl", StringComparison.Ordinal)
            .Replace("\"models\\/tiny\"", "models/tiny", StringComparison.Ordinal).Replace("'models/tiny'", "models/tiny", StringComparison.Ordinal)
            .Replace("\"models/tiny\"", "models/tiny", StringComparison.Ordinal)
            .Replace("sets/ä.jsonl", $"\"{folder["sets"]}/\\u00E4.jsonl\"", StringComparison.Ordinal)
            .Replace("models/tiny", $"\"{folder["models/tiny"]}\"", StringComparison.Ordinal);
        Absolute(job, name).ShouldBe(expected);
    }

    private string Absolute(string job, string name) =>
        Encoding.UTF8.GetString(JobFile.WithAbsolutePaths(Encoding.UTF8.GetBytes(job), name, folder.Path).Span);
}
