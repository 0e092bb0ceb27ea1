using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Tests.Api;

public sealed class ResultTests(OpenHost open) : IClassFixture<OpenHost>
{
    private readonly ApiHost host = open.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_of_a_finished_job_holds_every_prediction_once_in_the_order_of_the_manifest()
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);

        var (header, predictions) = await ExportAsync(job.Id);

        header.Format.ShouldBe(ExportHeader.CurrentFormat);
        (header.Partial, header.Predictions, header.PredictionsPlanned, header.Samples, header.SamplesPlanned).ShouldBe((false, 60L, 60L, 10L, 10L));
        header.Variants.Select(variant => variant.Name).ShouldBe(["none", "fastv:keep=0.5"]);
        predictions.Select(prediction => (prediction.Sample, prediction.Expression, prediction.Variant)).ShouldBe(
            from sample in Enumerable.Range(0, 10)
            from expression in Enumerable.Range(0, 3)
            from variant in Enumerable.Range(0, 2)
            select ($"scene-{sample:D7}", expression, variant));
        predictions.ShouldAllBe(prediction => prediction.Mask != null);
    }

    [Fact]
    public async Task An_export_of_a_job_that_is_half_done_says_exactly_what_is_missing()
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        await host.QueryAsync(ledger => ledger.Shards.Where(shard => shard.Job == job.Id && shard.Index == 1).ExecuteUpdateAsync(
            shard => shard.SetProperty(row => row.State, ShardState.Waiting).SetProperty(row => row.Result, (string?)null), Token));

        var (header, predictions) = await ExportAsync(job.Id);

        (header.Partial, header.Predictions, header.PredictionsPlanned, header.Samples, header.SamplesPlanned).ShouldBe((true, 36L, 60L, 6L, 10L));
        predictions.Count.ShouldBe(36);
        predictions.Select(prediction => prediction.Sample).Distinct().ShouldBe(["scene-0000000", "scene-0000001", "scene-0000002", "scene-0000003", "scene-0000008", "scene-0000009"]);
    }

    [Fact]
    public async Task An_export_over_a_damaged_result_breaks_off_and_never_ends_as_if_it_were_whole()
    {
        var job = await host.SubmitAsync(host.Job(count: 200).Replace("samples: 4", "samples: 100", StringComparison.Ordinal));
        await host.EndOfAsync(job.Id);
        var results = await host.QueryAsync(ledger => ledger.Shards.Where(shard => shard.Job == job.Id).OrderBy(shard => shard.Index).Select(shard => shard.Result!).ToListAsync(Token));

        await host.Artifacts.PutAsync(results[1], "damaged"u8.ToArray(), Token);
        await Should.ThrowAsync<HttpRequestException>(() => ExportAsync(job.Id));

        await host.Artifacts.PutAsync(results[0], "damaged"u8.ToArray(), Token);
        using var response = await host.GetAsync($"/v1/jobs/{job.Id}/export");
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await ApiHost.ProblemAsync(response);
        host.Log.ShouldContain("is not what was ingested");
    }

    [Theory]
    [InlineData("?format=md", null, "text/markdown")]
    [InlineData("?format=html", null, "text/html")]
    [InlineData("", null, "application/json")]
    [InlineData("", "text/html, application/json;q=0.9", "text/html")]
    [InlineData("", "text/*", "text/markdown")]
    [InlineData("", "*/*", "application/json")]
    public async Task A_report_comes_in_the_form_that_is_asked_for(string query, string? accept, string mediaType)
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1/jobs/{job.Id}/report{query}", UriKind.Relative));
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);

        using var response = await host.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("fastv:keep=0.5");
    }

    [Fact]
    public async Task A_form_that_no_report_has_is_refused()
    {
        var job = await host.SubmitAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1/jobs/{job.Id}/report", UriKind.Relative)) { Headers = { Accept = { new("image/png") } } };
        using var response = await host.Client.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        await ApiHost.ProblemAsync(response);
    }

    [Fact]
    public async Task A_job_that_was_not_planned_has_no_results_yet()
    {
        var job = await host.SubmitAsync(host.ManifestJob(host.WriteData("empty.jsonl", "")));
        (await host.EndOfAsync(job.Id)).State.ShouldBe("stopped");
        foreach (var what in (string[])["report", "export"])
        {
            using var response = await host.GetAsync($"/v1/jobs/{job.Id}/{what}");
            response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            await ApiHost.ProblemAsync(response);
        }
    }

    [Fact]
    public async Task The_same_submission_twice_makes_one_job_and_another_one_under_its_key_none()
    {
        var first = await SubmitOnceAsync("nightly-2026-11-20", host.Job("once"));
        var second = await SubmitOnceAsync("nightly-2026-11-20", host.Job("once"));
        var other = await SubmitOnceAsync("nightly-2026-11-20", host.Job("twice"));

        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await ListAsync("?name=once")).Jobs.Count.ShouldBe(1);
        (await ListAsync("?name=twice")).Jobs.ShouldBeEmpty();
        (await SubmitOnceAsync("not\tvisible", host.Job())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_parts_that_jobs_submitted_meanwhile_do_not_move()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
            ids.Add((await host.SubmitAsync(host.Job("listed"))).Id);

        var first = await ListAsync("?name=listed&limit=2");
        await host.SubmitAsync(host.Job("listed"));
        var second = await ListAsync($"?name=listed&limit=2&after={first.Next}");
        var third = await ListAsync($"?name=listed&limit=2&after={second.Next}");

        first.Jobs.Concat(second.Jobs).Concat(third.Jobs).Select(job => job.Id).ShouldBe(Enumerable.Reverse(ids));
        third.Next.ShouldBeNull();
        (await ListAsync($"?id={ids[0].ToString()[..35]}")).Jobs.ShouldContain(job => job.Id == ids[0]);
        await host.EndOfAsync(ids[0]);
        (await ListAsync("?name=listed&state=done")).Jobs.ShouldContain(job => job.Id == ids[0]);
    }

    [Fact]
    public async Task What_a_jobs_state_does_not_allow_is_a_conflict_that_says_what_would_be_right()
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        foreach (var what in (string[])["pause", "resume", "cancel"])
        {
            using var response = await host.PostAsync($"/v1/jobs/{job.Id}/{what}");
            response.StatusCode.ShouldBe(HttpStatusCode.Conflict, what);
            (await ApiHost.ProblemAsync(response)).Detail.ShouldNotBeNull().ShouldContain("is done");
        }
    }

    [Theory]
    [InlineData("{ variants: [none] }", "variants[0]")]
    [InlineData("{ variants: [\"fastv:keep=7\"] }", "variants[0].keep")]
    [InlineData("{ variants: [] }", "variants")]
    [InlineData("{ }", "variants")]
    [InlineData("{ variants: [\"fastv:keep=0.1\"], priority: 3 }", "priority")]
    public async Task Wrong_variants_name_the_field(string body, string field)
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        using var response = await host.PostAsync($"/v1/jobs/{job.Id}/variants", ApiHost.Yaml(body));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldHaveSingleItem().Path.ShouldBe(field);
    }

    [Fact]
    public async Task A_deleted_job_is_gone()
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        using var deleted = await host.Client.DeleteAsync(new Uri($"/v1/jobs/{job.Id}", UriKind.Relative), Token);
        deleted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Support.Eventually.Get("the job to be gone", async () => (await host.GetAsync($"/v1/jobs/{job.Id}")).StatusCode, status => status == HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> SubmitOnceAsync(string key, string job)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative)) { Content = ApiHost.Yaml(job) };
        request.Headers.TryAddWithoutValidation(ApiRoutes.IdempotencyKey, key);
        return await host.Client.SendAsync(request, Token);
    }

    private async Task<JobPage> ListAsync(string query) =>
        (await host.Client.GetFromJsonAsync<JobPage>(new Uri($"/v1/jobs{query}", UriKind.Relative), ContractsJson.Options, Token))!;

    private async Task<(ExportHeader Header, IReadOnlyList<Prediction> Predictions)> ExportAsync(Guid job)
    {
        using var response = await host.GetAsync($"/v1/jobs/{job}/export");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/gzip");
        await using var gzip = new GZipStream(await response.Content.ReadAsStreamAsync(Token), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var header = JsonSerializer.Deserialize<ExportHeader>((await reader.ReadLineAsync(Token))!, ContractsJson.Options)!;
        var predictions = new List<Prediction>();
        while (await reader.ReadLineAsync(Token) is { } line)
            predictions.Add(JsonSerializer.Deserialize<Prediction>(line, ContractsJson.Options)!);
        return (header, predictions);
    }
}
