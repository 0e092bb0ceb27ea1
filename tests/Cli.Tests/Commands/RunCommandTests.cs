using Pipeline.Cli.Commands;
using Pipeline.Cli.Run;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Cli.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<(JobSpec Spec, EmbeddedRunOptions Options)> runs = [];

    public RunCommandTests() => Directory.CreateDirectory(folder["model"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_right_job_is_run_with_its_options_and_its_exit_code_is_passed_on()
    {
        var job = Job("variants: [none]");
        var outcome = await RunAsync(job, "--out", "there", "--ledger", "Host=db");

        outcome.Code.ShouldBe(1);
        var (spec, options) = runs.ShouldHaveSingleItem();
        spec.Name.ShouldBe("a");
        options.ShouldBe(new EmbeddedRunOptions("there", "Host=db", job));
    }

    [Fact]
    public async Task Without_a_folder_the_run_gets_one_of_its_own_named_by_job_and_time()
    {
        await RunAsync(Job("variants: [none]"));
        runs[0].Options.OutFolder.ShouldBe(Path.Combine("out", "a", "20300102-030405"));
        runs[0].Options.LedgerConnection.ShouldBeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    [InlineData("two")]
    public async Task A_number_of_slots_that_makes_no_sense_is_refused(string slots)
    {
        var outcome = await RunAsync(Job("variants: [none]"), "--slots", slots);

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain($"--slots {slots} is no number of shards; use 1 to 256");
        runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_number_of_slots_reaches_the_run()
    {
        await RunAsync(Job("variants: [none]"), "--slots", "3");

        runs[0].Options.Slots.ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_job_shows_its_faults_and_starts_nothing()
    {
        var outcome = await RunAsync(Job("variants: [fastV]"));

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("variants[0]   'fastV' is not a method; did you mean 'fastv'?");
        runs.ShouldBeEmpty();
    }

    private Task<Terminal.Outcome> RunAsync(params string[] arguments) =>
        Terminal.RunAsync(RunCommand.Create(new AnyModelCatalog(), RecordAsync, new FixedTime()), ["run", .. arguments]);

    private Task<int> RecordAsync(
        JobSpec spec, ModelDescription model, EmbeddedRunOptions options, TextWriter output, TextWriter error, CancellationToken token)
    {
        runs.Add((spec, options));
        return Task.FromResult(1);
    }

    private string Job(string variants) =>
        folder.Write("job.yaml", $"name: a\ndataset: {{ format: synthetic, count: 5 }}\nmodel: {{ checkpoint: model }}\n{variants}\n");

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
