using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ValidateCommandTests() => Directory.CreateDirectory(folder["model"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_right_job_is_described()
    {
        var job = Job("variants: [none, { method: fastv, keep: [0.5, 0.25] }]");
        var outcome = await Terminal.RunAsync(ValidateCommand.Create(new AnyModelCatalog()), "validate", job);

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldBeEmpty();
        outcome.Output.ShouldBe($"{job} is right: job 'a', 3 variants\n  none\n  fastv:keep=0.5\n  fastv:keep=0.25\n");
    }

    [Fact]
    public async Task Faults_are_aligned_and_counted_on_the_error_stream()
    {
        var job = Job("variants: [none, { method: fastv, layer: 4, keep: 2 }, fastV]");
        var outcome = await Terminal.RunAsync(ValidateCommand.Create(new AnyModelCatalog()), "validate", job);

        outcome.Code.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldBe(
            $"""
            {job}
              variants[1].layer   4 is beyond this model's 4 layers; use 1 to 3
              variants[1].keep    2 is above 1; use a share above 0 and at most 1
              variants[2]         'fastV' is not a method; did you mean 'fastv'?
            3 faults; nothing was started

            """);
    }

    [Fact]
    public async Task A_missing_file_is_one_fault()
    {
        var outcome = await Terminal.RunAsync(ValidateCommand.Create(new AnyModelCatalog()), "validate", folder["gone.yaml"]);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("does not exist");
        outcome.Error.ShouldEndWith("1 fault; nothing was started\n");
    }

    [Fact]
    public async Task Json_has_the_faults_or_the_job()
    {
        var wrong = await Terminal.RunAsync(ValidateCommand.Create(new AnyModelCatalog()), "validate", "--json", Job("variants: [fastV]"));
        var right = await Terminal.RunAsync(ValidateCommand.Create(new AnyModelCatalog()), "validate", "--json", Job("variants: [none]"));

        (wrong.Code, right.Code).ShouldBe((2, 0));
        var fault = JsonNode.Parse(wrong.Output)!["faults"]!.AsArray().ShouldHaveSingleItem()!;
        fault["path"]!.GetValue<string>().ShouldBe("variants[0]");
        fault["line"]!.GetValue<int>().ShouldBe(4);
        JsonNode.Parse(right.Output)!["job"]!["variants"]![0]!["name"]!.GetValue<string>().ShouldBe("none");
        JsonNode.Parse(right.Output)!["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    private string Job(string variants) =>
        folder.Write("job.yaml", $"name: a\ndataset: {{ format: synthetic, count: 5 }}\nmodel: {{ checkpoint: model }}\n{variants}\n");
}
