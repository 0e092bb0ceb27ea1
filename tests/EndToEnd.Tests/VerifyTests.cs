using System.Text.Json.Nodes;

namespace Pipeline.EndToEnd.Tests;

public sealed class VerifyTests
{
    private static readonly string Golden = Path.Combine(PipelineCommand.Repository, "tests", "golden");

    [Fact]
    public async Task Every_row_of_the_golden_set_passes_on_the_CPU()
    {
        var outcome = (await PipelineCommand.RunAsync("model", "verify", Golden, "--device", "cpu", "--json")).ShouldExitWith(0);

        var json = JsonNode.Parse(outcome.Output)!;
        json["failed"]!.GetValue<int>().ShouldBe(0);
        json["rows"]!.AsArray().Select(r => r!["group"]!.GetValue<string>()).Distinct().Order()
            .ShouldBe(["clip", "coco", "lisa", "llama", "llama_gqa", "preprocess", "pruning", "sam", "slic", "tokenizer"]);
    }

    [Theory]
    [InlineData("clip/io.safetensors")]
    [InlineData("llama/model.safetensors")]
    [InlineData("tokenizer/tokenizer.model")]
    public async Task A_damaged_group_is_a_failed_row_with_a_message(string file)
    {
        var copy = Directory.CreateTempSubdirectory("golden-").FullName;
        var group = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(Path.Combine(copy, group));
        foreach (var source in Directory.EnumerateFiles(Path.Combine(Golden, group)))
        {
            File.Copy(source, Path.Combine(copy, group, Path.GetFileName(source)));
        }

        var damaged = Path.Combine(copy, file);
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..^100]);

        var outcome = (await PipelineCommand.RunAsync("model", "verify", copy, "--group", group, "--device", "cpu", "--json")).ShouldExitWith(1);

        var failed = JsonNode.Parse(outcome.Output)!["rows"]!.AsArray().Where(r => !r!["passed"]!.GetValue<bool>()).ToList();
        failed.ShouldNotBeEmpty();
        failed.ShouldAllBe(r => r!["message"]!.GetValue<string>().Length > 0);
        Directory.Delete(copy, recursive: true);
    }
}
