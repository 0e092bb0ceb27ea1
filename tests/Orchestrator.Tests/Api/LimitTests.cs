using System.Net;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

public sealed class LimitTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_whether_it_says_so_or_not()
    {
        await using var host = await ApiHost.StartAsync(ledgers);
        var large = new byte[(1024 * 1024) + 1];
        Array.Fill(large, (byte)'#');

        using var declared = await host.PostAsync("/v1/jobs", new ByteArrayContent(large) { Headers = { ContentType = new("application/yaml") } });
        declared.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ApiHost.ProblemAsync(declared);

        using var chunked = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative))
        {
            Content = new StreamContent(new MemoryStream(large)) { Headers = { ContentType = new("application/yaml") } },
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await host.Client.SendAsync(chunked, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ApiHost.ProblemAsync(response);
    }

    [Fact]
    public async Task Too_many_requests_are_told_to_wait_and_other_keys_are_not_held_up()
    {
        await using var host = await ApiHost.StartAsync(ledgers, keys: true, settings: [("Api:Burst", "3"), ("Api:RequestsPerSecond", "1")]);
        using var other = host.ClientWith(host.NewKey("other", Orchestrator.Api.Keys.ApiScope.Read));

        HttpResponseMessage last;
        var asked = 0;
        do
        {
            last = await host.GetAsync("/v1/jobs");
        }
        while (last.StatusCode == HttpStatusCode.OK && ++asked < 100);

        last.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        last.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
        await ApiHost.ProblemAsync(last);
        (await other.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_job_that_is_too_large_is_refused_or_stopped_with_the_reason()
    {
        await using var host = await ApiHost.StartAsync(ledgers, settings: [("Api:MostPredictions", "20"), ("Api:MostVariants", "2")]);

        var large = await ApiHost.ProblemAsync(await host.PostAsync("/v1/jobs", ApiHost.Yaml(host.Job(count: 11))));
        large.Errors!.ShouldHaveSingleItem().Path.ShouldBe("dataset.count");
        var wide = await ApiHost.ProblemAsync(await host.PostAsync("/v1/jobs", ApiHost.Yaml(host.Job(count: 5, variants: "[none, \"fastv:keep=0.5\", \"fastv:keep=0.25\"]"))));
        wide.Errors!.ShouldHaveSingleItem().Path.ShouldBe("variants");

        var manifest = host.WriteData("large.jsonl", string.Concat(Enumerable.Range(0, 11).Select(i => $$"""{"id":"s{{i}}","image":"gone.png","expressions":[{"text":"x"}]}""" + "\n")));
        var stopped = await host.EndOfAsync((await host.SubmitAsync(host.ManifestJob(manifest))).Id);
        stopped.State.ShouldBe("stopped");
        stopped.Reason.ShouldNotBeNull().ShouldContain("at most 20");
    }

    [Fact]
    public async Task An_event_stream_beyond_the_limit_waits_until_another_ends()
    {
        await using var host = await ApiHost.StartAsync(ledgers, working: false, settings: [("Api:EventStreams", "1"), ("Api:Heartbeat", "00:00:00.100")]);
        var job = await host.SubmitAsync();
        var path = new Uri($"/v1/jobs/{job.Id}/events", UriKind.Relative);

        using (var first = await host.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var second = await host.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
            second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            second.Headers.RetryAfter.ShouldNotBeNull();
        }

        await Eventually.Get(
            "the first stream's place",
            async () =>
            {
                using var third = await host.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
                return third.StatusCode;
            },
            status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Events_tell_where_a_job_stands_until_it_ends_and_show_between_that_the_stream_is_open()
    {
        await using var host = await ApiHost.StartAsync(ledgers, working: false, settings: [("Api:Heartbeat", "00:00:00.100")]);
        var job = await host.SubmitAsync();
        using var response = await host.Client.GetAsync(new Uri($"/v1/jobs/{job.Id}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token), Encoding.UTF8);
        var lines = new List<string>();
        while (lines.LastOrDefault() != ": still here")
            lines.Add((await reader.ReadLineAsync(Token)).ShouldNotBeNull());

        (await host.PostAsync($"/v1/jobs/{job.Id}/cancel")).StatusCode.ShouldBe(HttpStatusCode.OK);

        while (await reader.ReadLineAsync(Token) is { } line)
            lines.Add(line);
        lines[0].ShouldBe("event: status");
        var last = JsonSerializer.Deserialize<JobStatus>(lines.Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..], Contracts.ContractsJson.Options)!;
        last.State.ShouldBe("cancelled");
    }
}
