using Pipeline.Chaos.Audit;
using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Tests;

public sealed class RollingRestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restarting_everything_one_after_the_other_during_a_job_fails_no_sample()
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Orchestrators = 2, Workers = 2 }, Token);
        var jobs = new ClusterJobs(cluster);
        var body = $$"""
            dataset: { format: synthetic, count: 120, seed: 4, expressions: 2 }
            model: { checkpoint: {{Repository.DemoModel}}, device: cpu }
            variants: [none, { method: fastv, layer: 2, keep: 0.25 }]
            shards: { samples: 4 }
            failures: { count: 0 }
            """;
        var undisturbed = await jobs.SubmitAsync("undisturbed", body, Token);
        await jobs.EndAsync(undisturbed, TimeSpan.FromMinutes(5), Token);
        var job = await jobs.SubmitAsync("restarted", body, Token);

        foreach (var host in cluster.Workers.Concat(cluster.Orchestrators))
        {
            await host.StopAsync(Token);
            host.ExitCode.ShouldBe(0, $"{host.Name} says:\n{host.Tail()}");
            await host.ReadyAsync(Token);
        }

        foreach (var server in (ClusterServer[])[cluster.Broker, cluster.Postgres, cluster.Azurite])
            await server.RestartAsync(Token);
        await jobs.EndAsync(job, TimeSpan.FromMinutes(5), Token);

        var verdict = new Verdict();
        var digest = (await jobs.ReportAsync(undisturbed, Token))["digest"]!.GetValue<string>();
        await new JobAudit(cluster.Ledger, cluster.Artifacts, job, verdict).RunAsync(Token);
        await new ReportAudit(cluster.Ledger, job, await jobs.ReportAsync(job, Token), verdict).RunAsync(digest, Token);
        verdict.IsClean.ShouldBeTrue(verdict.ToString());
        (await cluster.ListAsync($"SELECT count(*) FROM predictions WHERE job = '{job}' AND fault IS NOT NULL", reader => reader.GetInt64(0), Token)).ShouldBe([0]);
    }
}
