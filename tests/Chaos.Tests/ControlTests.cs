using System.Globalization;
using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Tests;

/// <summary>What its user says takes effect while more than a thousand shards wait. Times are the ledger's own.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private const double Seconds = 2;

    private Cluster cluster = null!;
    private ClusterJobs jobs = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await Cluster.StartAsync(new ClusterOptions { Workers = 2 }, Token);
        jobs = new ClusterJobs(cluster);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Pause_resume_priority_and_cancel_take_effect_within_two_seconds_while_a_thousand_shards_wait()
    {
        var large = await jobs.SubmitAsync("large", Body(1200), Token);
        await UntilAsync($"SELECT count(*) > 5 FROM shards WHERE job = '{large}' AND state = 'done'");
        (await ScalarAsync<long>($"SELECT count(*) FROM shards WHERE job = '{large}' AND state = 'waiting'")).ShouldBeGreaterThan(1000);

        var paused = await NowAsync();
        await jobs.PostAsync(large, "pause", Token);
        await UntilAsync($"SELECT count(*) = 0 FROM attempts WHERE job = '{large}' AND state = 'sent'");
        (await SinceAsync(paused)).ShouldBeLessThan(Seconds);
        (await jobs.StatusAsync(large, Token))["paused"]!.GetValue<bool>().ShouldBeTrue();
        var atRest = await ScalarAsync<DateTime>($"SELECT max(sent_at) FROM attempts WHERE job = '{large}'");

        var resumed = await NowAsync();
        await jobs.PostAsync(large, "resume", Token);
        await UntilAsync($"SELECT count(*) > 0 FROM attempts WHERE job = '{large}' AND sent_at > '{Text(resumed)}'");
        (await SinceAsync(resumed)).ShouldBeLessThan(Seconds);
        atRest.ShouldBeLessThan(resumed, "nothing was sent while the job was paused");

        var urgent = await jobs.SubmitAsync("urgent", Body(30), Token, priority: 10);
        await jobs.EndAsync(urgent, TimeSpan.FromMinutes(2), Token);
        (await ScalarAsync<long>(
            $"""
            SELECT count(*) FROM attempts, jobs
            WHERE attempts.job = '{large}' AND jobs.id = '{urgent}' AND attempts.sent_at > jobs.started_at + interval '{Seconds} s'
                AND attempts.sent_at < (SELECT max(sent_at) FROM attempts WHERE job = '{urgent}')
            """)).ShouldBe(0, "while urgent shards wait no other is sent");

        var cancelled = await NowAsync();
        await jobs.PostAsync(large, "cancel", Token);
        await UntilAsync($"SELECT count(*) = 0 FROM attempts WHERE job = '{large}' AND state = 'sent'");
        (await SinceAsync(cancelled)).ShouldBeLessThan(Seconds);
        (await jobs.StatusAsync(large, Token))["state"]!.GetValue<string>().ShouldBe("cancelled");
        (await jobs.ReportAsync(large, Token))["samples"]!.GetValue<long>().ShouldBeGreaterThan(5);
    }

    private static string Body(int samples) => $$"""
        dataset: { format: synthetic, count: {{samples}}, seed: 4, expressions: 1 }
        model: { checkpoint: {{Repository.DemoModel}}, device: cpu }
        variants: [none]
        shards: { samples: 1 }
        """;

    private async Task UntilAsync(string condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await ScalarAsync<bool>(condition))
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"waited a minute for: {condition}");
            await poll.WaitForNextTickAsync(Token);
        }
    }

    private Task<DateTime> NowAsync() => ScalarAsync<DateTime>("SELECT clock_timestamp()");

    private async Task<double> SinceAsync(DateTime start) => (await NowAsync() - start).TotalSeconds;

    private async Task<T> ScalarAsync<T>(string query) => (await cluster.ListAsync(query, reader => reader.GetFieldValue<T>(0), Token))[0];

    private static string Text(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);
}
