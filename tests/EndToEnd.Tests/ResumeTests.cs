using Npgsql;
using Pipeline.Servers.Postgres;

namespace Pipeline.EndToEnd.Tests;

public sealed class ResumeTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const int Scenes = 40;
    private const int Kills = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_quickstart_killed_five_times_at_random_ends_with_the_predictions_of_an_undisturbed_run()
    {
        var job = Quickstart();
        var (calm, stormy) = (workspace.In("calm"), workspace.In("stormy"));
        (await PipelineCommand.RunAsync("run", job, "--out", calm)).ShouldExitWith(0);

        var random = new Random(20261120);
        for (var (kill, results) = (0, 0); kill < Kills; kill++)
        {
            await KillAsync(job, stormy, results);
            results = Results(stormy) + random.Next(3);
        }

        var last = await PipelineCommand.RunAsync("run", job, "--out", stormy);

        last.ShouldExitWith(0);
        last.Errors.ShouldContain("Resuming");
        var (before, after) = (Workspace.Report(calm), Workspace.Report(stormy));
        after["final"]!.GetValue<bool>().ShouldBeTrue();
        after["digest"]!.GetValue<string>().ShouldBe(before["digest"]!.GetValue<string>());
        var rows = await LedgerAsync(stormy, "SELECT count(*), count(DISTINCT (position, expression, variant)) FROM predictions");
        rows.ShouldBe((after["expressions"]!.GetValue<long>() * after["variants"]!.AsArray().Count, rows.First));
    }

    [Fact]
    public async Task A_run_that_is_done_is_only_reported_again()
    {
        var job = workspace.Job("done", "{ format: synthetic, count: 4, seed: 3 }", "[none]");
        var folder = workspace.In("done-out");
        (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(0);
        var digest = Workspace.Report(folder)["digest"]!.GetValue<string>();
        File.Delete(Path.Combine(folder, "report.json"));

        (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(0);

        Workspace.Report(folder)["digest"]!.GetValue<string>().ShouldBe(digest);
        (await LedgerAsync(folder, "SELECT count(*), max(attempt)::bigint FROM attempts")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_changed_job_file_is_refused_with_the_difference()
    {
        var folder = workspace.In("changed-job");
        (await PipelineCommand.RunAsync("run", workspace.Job("changed", "{ format: synthetic, count: 4, seed: 3 }", "[none]"), "--out", folder)).ShouldExitWith(0);

        var refused = await PipelineCommand.RunAsync("run", workspace.Job("changed", "{ format: synthetic, count: 4, seed: 4 }", "[none]"), "--out", folder);

        refused.ShouldExitWith(2);
        refused.Errors.ShouldContain("spec.dataset.seed: 3, now 4");
    }

    [Fact]
    public async Task A_changed_dataset_is_refused_with_the_first_sample_that_differs()
    {
        var data = workspace.In("scenes");
        (await PipelineCommand.RunAsync("dataset", "synth", "--count", "6", "--seed", "9", "--out", data)).ShouldExitWith(0);
        var job = workspace.Job("dataset", $"{{ format: manifest, path: {data}/manifest.jsonl }}", "[none]", "shards: { samples: 2 }");
        var folder = workspace.In("changed-dataset");
        (await PipelineCommand.RunAsync("run", job, "--out", folder)).ShouldExitWith(0);
        var lines = File.ReadAllLines(Path.Combine(data, "manifest.jsonl"));
        lines[3] = lines[3].Replace("\"text\":\"", "\"text\":\"not ", StringComparison.Ordinal);
        File.WriteAllLines(Path.Combine(data, "manifest.jsonl"), lines);

        var refused = await PipelineCommand.RunAsync("run", job, "--out", folder);

        refused.ShouldExitWith(2);
        refused.Errors.ShouldContain("from sample 4 on: expressions[0].text: \"");
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_left_alone()
    {
        var folder = workspace.In("mine");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thesis.tex"), "");

        var refused = await PipelineCommand.RunAsync("run", workspace.Job("mine", "{ format: synthetic, count: 4, seed: 3 }", "[none]"), "--out", folder);

        refused.ShouldExitWith(2);
        refused.Errors.ShouldContain("is not empty and holds no run");
        Directory.EnumerateFileSystemEntries(folder).ShouldHaveSingleItem();
    }

    private static int Results(string folder) =>
        Directory.Exists(Path.Combine(folder, "artifacts")) ? Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories).Count() : 0;

    /// <summary>Starts or resumes the run and kills it as soon as there are more results than a number.</summary>
    private static async Task KillAsync(string job, string folder, int results)
    {
        using var process = PipelineCommand.Start("run", job, "--out", folder);
        var finished = PipelineCommand.FinishAsync(process);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Results(folder) <= results && !finished.IsCompleted)
            await poll.WaitForNextTickAsync(Token);
        process.HasExited.ShouldBeFalse("the run is over before it was killed often enough");
        process.Kill();
        await finished;
    }

    private static async Task<(long First, long Second)> LedgerAsync(string folder, string query)
    {
        await using var cluster = await PrivateCluster.StartAsync(Path.Combine(folder, "ledger"), ClusterDurability.Full, Token);
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var command = source.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync(Token);
        await reader.ReadAsync(Token);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The example with fewer scenes and smaller shards.</summary>
    private string Quickstart()
    {
        var text = File.ReadAllText(Path.Combine(PipelineCommand.Repository, "examples", "quickstart.yaml"));
        var file = workspace.In("quickstart.yaml");
        File.WriteAllText(file, Fewer(Fewer(Fewer(text, "count: 200", $"count: {Scenes}"), "samples: 16", "samples: 2"), "models/demo", Path.Combine(PipelineCommand.Repository, "models", "demo")));
        return file;
    }

    private static string Fewer(string text, string there, string instead)
    {
        text.ShouldContain(there);
        return text.Replace(there, instead, StringComparison.Ordinal);
    }
}
