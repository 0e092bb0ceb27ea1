using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ResultsCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_page_is_written_with_its_figures_beside_it()
    {
        var outcome = await RunAsync(Report());

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldBe($"{folder["docs/results.md"]}: 2 variants of 1 job\n");
        Directory.GetFiles(folder["docs"]).Select(Path.GetFileName).ShouldBe(["results.md", "results.svg", "results.vl.json"], ignoreOrder: true);
        var page = Page();
        page.ShouldContain("| 16.0 tokens | fastv:layer=2,keep=0.1 | fastv | 16.0 | 25.0 % | 80.0 % | 60.00 | 55.00 | −25.00 [−30.00, −20.00] | worse |");
        page.ShouldContain("](results.svg)");
    }

    [Fact]
    public async Task A_page_holds_no_path_of_the_machine_that_made_it()
    {
        await RunAsync(Report());

        Page().ShouldNotContain(folder.Path);
        Page().ShouldContain("pipeline results report.json --out results.md\n");
        Page().ShouldContain("| model | demo (lisa, 8 layers, 64 visual tokens, float32) |");
    }

    [Fact]
    public async Task A_page_made_again_is_the_same_and_keeps_what_people_wrote()
    {
        await RunAsync(Report());
        var first = Page();
        folder.Write("docs/results.md", first.Replace("<!-- notes -->\n", "<!-- notes -->\nFastV loses.\n", StringComparison.Ordinal));

        (await RunAsync(Report())).Code.ShouldBe(0);

        Page().ShouldContain("<!-- notes -->\nFastV loses.\n\n<!-- /notes -->");
        Page().Replace("FastV loses.\n", "", StringComparison.Ordinal).ShouldBe(first);
    }

    [Fact]
    public async Task A_page_of_another_origin_is_left_as_it_is()
    {
        var page = folder.Write("docs/results.md", "# Mine\n");

        var outcome = await RunAsync(Report());

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldStartWith($"error: {page} is left as it is: ");
        Page().ShouldBe("# Mine\n");
        File.Exists(folder["docs/results.svg"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"final\": true", "\"final\": false", "the report of ablation is partial: 20 of 20 samples are in")]
    [InlineData("pipeline.report/1", "pipeline.report/2", "report.json has the format pipeline.report/2; this version reads pipeline.report/1")]
    [InlineData("\"final\": true,", "", "report.json is no report.json of a job: ")]
    [InlineData("\"method\": \"none\"", "\"method\": \"random\"", "the report of ablation has no variant 'none'")]
    public async Task What_is_no_final_report_writes_nothing(string right, string wrong, string message)
    {
        var outcome = await RunAsync(Report().Replace(right, wrong, StringComparison.Ordinal));

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(message);
        Directory.Exists(folder["docs"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_report_that_is_not_there_is_named()
    {
        var outcome = await Terminal.RunAsync(ResultsCommand.Create(), "results", folder["none.json"], "--out", folder["results.md"]);

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(folder["none.json"]);
    }

    private Task<Terminal.Outcome> RunAsync(string report) =>
        Terminal.RunAsync(ResultsCommand.Create(), "results", folder.Write("report.json", report), "--out", folder["docs/results.md"]);

    private string Page() => File.ReadAllText(folder["docs/results.md"]);

    /// <summary>A report as <c>pipeline run</c> writes it, of two variants.</summary>
    private string Report() =>
        $$"""
        {
          "format": "pipeline.report/1", "final": true, "job": "01a1f8ea-1bbb-7fb2-912f-5c70e1c2c7e7", "name": "ablation", "state": "done",
          "samples": 20, "samplesPlanned": 20, "expressions": 60, "expressionsPlanned": 60, "failures": 0, "firstFailures": [], "randomWeights": false,
          "dataset": { "format": "synthetic", "count": 20, "seed": 7, "size": 256, "split": "heldout", "expressions": 3 },
          "model": { "checkpoint": "{{folder["models/demo"]}}", "dtype": "float32", "device": "auto", "answer": "forced" },
          "checkpoint": {
            "shape": { "architecture": "lisa", "layers": 8, "hiddenSize": 96, "intermediateSize": 256, "heads": 4, "keyValueHeads": 4, "vocabularySize": 708, "visualTokens": 64, "gridHeight": 8, "gridWidth": 8 },
            "weightsHash": "e17b", "randomWeights": false
          },
          "manifestHash": "020c", "fingerprint": "06b9", "digest": "449f", "codeVersion": "0.1.0", "flopsConvention": "pyramiddrop", "intervalMethod": "95 %",
          "submittedAt": "2030-01-02T03:04:05+00:00", "endedAt": "2030-01-02T03:05:05+00:00",
          "variants": [
            {
              "name": "none", "method": "none", "settings": {}, "reimplementation": false, "samples": 20, "predictions": 60, "failures": 0, "measured": 60,
              "giou": 0.85, "ciou": 0.8, "averageVisualTokens": 64, "visualTokensPerLayer": [64], "tflopsPerSample": 0.0005,
              "llmMilliseconds": { "median": 9, "p95": 20, "mean": 10 }, "totalMilliseconds": { "median": 12, "p95": 26, "mean": 14 }, "digest": "1d78"
            },
            {
              "name": "fastv:layer=2,keep=0.1", "method": "fastv", "settings": { "layer": 2, "keep": 0.1 }, "reimplementation": false, "samples": 20, "predictions": 60, "failures": 0, "measured": 60,
              "giou": 0.6, "ciou": 0.55, "differenceToNone": { "giou": { "value": -0.25, "low": -0.3, "high": -0.2 }, "ciou": { "value": -0.25, "low": -0.3, "high": -0.2 } },
              "averageVisualTokens": 16, "visualTokensPerLayer": [16], "tflopsPerSample": 0.0001,
              "llmMilliseconds": { "median": 9, "p95": 20, "mean": 10 }, "totalMilliseconds": { "median": 12, "p95": 26, "mean": 14 }, "digest": "1d79"
            }
          ]
        }
        """;
}
