using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Tests;

public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Faults = 26;

    [Fact]
    public async Task Whatever_is_killed_frozen_lost_doubled_or_damaged_every_sample_is_counted_once_and_every_number_is_right()
    {
        var token = TestContext.Current.CancellationToken;
        var options = new ChaosOptions(Faults, Seed: 20, Workers: 3, Orchestrators: 2, Repository.DemoModel);
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Workers = options.Workers, Orchestrators = options.Orchestrators }, token);

        var outcome = await ChaosRun.ExecuteAsync(cluster, options, output.WriteLine, token);

        outcome.Injected.Count.ShouldBe(Faults);
        outcome.Injected.Distinct().Count().ShouldBeGreaterThanOrEqualTo(20);
        outcome.Verdict.IsClean.ShouldBeTrue(outcome.Verdict.ToString());
    }
}
