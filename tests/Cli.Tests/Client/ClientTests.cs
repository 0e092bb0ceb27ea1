using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Tests.Client;

public sealed class ClientTests(RunningOrchestrator orchestrator) : IClassFixture<RunningOrchestrator>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_job_submitted_with_wait_ends_well_and_its_report_and_predictions_can_be_had()
    {
        var submitted = await orchestrator.RunAsync("submit", orchestrator.Job("whole", variants: "[none, \"uniform:keep=0.5\"]"), "--wait", "--json");

        submitted.Code.ShouldBe(ExitCode.Ok, submitted.Error);
        var status = JsonSerializer.Deserialize<JobStatus>(submitted.Output, ContractsJson.Options)!;
        (status.State, status.SamplesDone).ShouldBe(("done", 4));

        (await orchestrator.RunAsync("report", "whole", "--out", folder["report"])).Output.ShouldStartWith("Report: ");
        JsonNode.Parse(File.ReadAllText(folder["report/report.json"]))!["final"]!.GetValue<bool>().ShouldBeTrue();
        File.ReadAllText(folder["report/report.html"]).ShouldContain("FINAL");

        JsonNode.Parse((await orchestrator.RunAsync("report", "whole", "--out", folder["again"], "--json")).Output)!["final"]!.GetValue<bool>().ShouldBeTrue();

        (await orchestrator.RunAsync("export", status.Id.ToString(), "--out", folder["whole.jsonl.gz"])).Output.ShouldContain("8 predictions");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(folder["whole.jsonl.gz"]), CompressionMode.Decompress));
        reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(9);
    }

    [Fact]
    public async Task Variants_added_to_a_finished_job_run_and_the_job_is_whole_again()
    {
        (await orchestrator.RunAsync("submit", orchestrator.Job("extended"), "--wait")).Code.ShouldBe(ExitCode.Ok);

        (await orchestrator.RunAsync("variants", "add", "extended", "uniform:keep=0.25")).Code.ShouldBe(ExitCode.Ok);

        var watched = await orchestrator.RunAsync("watch", "extended");
        watched.Code.ShouldBe(ExitCode.Ok, watched.Error);
        watched.Output.ShouldContain("uniform:keep=0.25");
    }

    [Fact]
    public async Task A_wrong_job_is_bad_input_and_every_fault_is_shown_with_its_path()
    {
        var outcome = await orchestrator.RunAsync("submit", orchestrator.Job("wrong", count: 0, variants: "[nothing]"));

        outcome.Code.ShouldBe(ExitCode.BadInput);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain("dataset.count");
        outcome.Error.ShouldContain("variants[0]");
        outcome.Error.ShouldEndWith("2 faults; nothing was started\n");
    }

    [Fact]
    public async Task A_job_is_found_by_its_id_the_beginning_of_it_and_its_name()
    {
        (await orchestrator.RunAsync("submit", orchestrator.Job("found"), "--json")).Code.ShouldBe(ExitCode.Ok);
        var newest = JsonSerializer.Deserialize<JobStatus>((await orchestrator.RunAsync("submit", orchestrator.Job("found"), "--json")).Output, ContractsJson.Options)!;

        foreach (var called in (string[])[newest.Id.ToString(), newest.Id.ToString()[..35], "found"])
            JsonNode.Parse((await orchestrator.RunAsync("status", called, "--json")).Output)!["id"]!.GetValue<Guid>().ShouldBe(newest.Id);
        var unknown = await orchestrator.RunAsync("status", "lost");
        unknown.Code.ShouldBe(ExitCode.BadInput);
        unknown.Error.ShouldContain("No job has the id or name 'lost'");
    }

    [Fact]
    public async Task A_job_is_paused_reprioritised_resumed_cancelled_and_deleted()
    {
        (await orchestrator.RunAsync("submit", orchestrator.Job("steered", count: 400))).Code.ShouldBe(ExitCode.Ok);

        (await orchestrator.RunAsync("pause", "steered", "--json")).Output.ShouldContain("\"paused\": true");
        (await orchestrator.RunAsync("priority", "steered", "7", "--json")).Output.ShouldContain("\"priority\": 7");
        (await orchestrator.RunAsync("resume", "steered", "--json")).Output.ShouldContain("\"paused\": false");
        var running = await orchestrator.RunAsync("delete", "steered");
        running.Code.ShouldBe(ExitCode.BadInput);
        running.Error.ShouldContain("cancel");
        (await orchestrator.RunAsync("cancel", "steered", "--json")).Output.ShouldContain("\"state\": \"cancelled\"");
        (await orchestrator.RunAsync("watch", "steered")).Code.ShouldBe(ExitCode.Failed);
        JsonNode.Parse((await orchestrator.RunAsync("delete", "steered", "--json")).Output)!["state"]!.GetValue<string>().ShouldBe("deleting");
    }

    [Fact]
    public async Task Without_a_key_the_orchestrator_says_what_it_wants()
    {
        var outcome = await Terminal.RunAsync(RunningOrchestrator.App(), TestContext.Current.CancellationToken, "jobs", "--url", orchestrator.Address.ToString());

        outcome.Code.ShouldBe(ExitCode.BadInput);
        outcome.Error.ShouldContain("API key");
    }

    [Fact]
    public async Task Where_nobody_listens_the_message_says_how_to_start_an_orchestrator()
    {
        var outcome = await Terminal.RunAsync(RunningOrchestrator.App(), TestContext.Current.CancellationToken, "jobs", "--url", "http://127.0.0.1:9");

        outcome.Code.ShouldBe(ExitCode.Failed);
        outcome.Error.ShouldContain("start one with: ./pipeline up");
    }
}
