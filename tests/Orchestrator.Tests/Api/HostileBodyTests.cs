using System.Net;
using System.Text;
using Pipeline.Contracts.Api;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Attempts to bring the host down, or to make it do what it should not, by what a body holds.</summary>
public sealed class HostileBodyTests(OpenHost open) : IClassFixture<OpenHost>
{
    private readonly ApiHost host = open.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "a bomb of aliases", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n", "anchors" },
        { "an anchor in itself", "a: &a [*a]\n", "anchors" },
        { "a tag", "name: !!python/object/apply:os.system [id]\n", "tags" },
        { "lists 10,000 deep", "name: " + new string('[', 10_000), "" },
        { "mappings 10,000 deep", "{a: " + string.Concat(Enumerable.Repeat("{a: ", 10_000)), "" },
        { "indentation 1,000 deep", string.Concat(Enumerable.Range(0, 1_000).Select(depth => new string(' ', depth) + "a:\n")), "" },
        { "a scalar of 900,000 letters", "name: " + new string('a', 900_000), "is not a job name" },
        { "a key of 900,000 letters", new string('a', 900_000) + ": 1", "" },
        { "100,000 keys", string.Concat(Enumerable.Range(0, 100_000).Select(key => $"k{key}: 1\n")), "" },
        { "two documents", "name: a\n---\nname: b\n", "second document" },
        { "nothing", "", "is empty" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Hostile_YAML_is_answered_with_what_is_wrong(string what, string body, string message)
    {
        using var response = await host.PostAsync("/v1/jobs", ApiHost.Yaml(body));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, what);
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldContain(error => error.Message.Contains(message));
        (await host.GetAsync("/v1/workers")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task JSON_that_is_nested_too_deep_is_answered_with_what_is_wrong(string opening)
    {
        using var response = await host.PostAsync("/v1/jobs", ApiHost.Json(string.Concat(Enumerable.Repeat(opening, 100_000))));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldHaveSingleItem().Message.ShouldContain("not JSON");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_answered_with_what_is_wrong()
    {
        using var response = await host.PostAsync("/v1/jobs", new ByteArrayContent([0xFF, 0xFE, 0x00, 0xC3]) { Headers = { ContentType = new("application/yaml") } });
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldHaveSingleItem().Message.ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("{}", "priority")]
    [InlineData("{\"priority\":\"high\"}", "priority")]
    [InlineData("{\"priority\":101}", "priority")]
    [InlineData("{\"priority\":-2147483648}", "priority")]
    [InlineData("{\"priority\":99999999999}", "priority")]
    [InlineData("{", "")]
    public async Task A_wrong_priority_names_the_field(string body, string field)
    {
        var job = await host.SubmitAsync();
        using var response = await host.Client.PutAsync(new Uri($"/v1/jobs/{job.Id}/priority", UriKind.Relative), ApiHost.Json(body), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldHaveSingleItem().Path.ShouldBe(field);
    }

    [Fact]
    public async Task JSON_nested_too_deep_in_a_small_body_is_a_problem_too()
    {
        using var response = await host.Client.PutAsync(new Uri($"/v1/jobs/{Guid.NewGuid()}/priority", UriKind.Relative), ApiHost.Json("{\"priority\":" + new string('[', 5000)), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ApiHost.ProblemAsync(response);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?state=lost", "state")]
    [InlineData("?state=0", "state")]
    [InlineData("?after=xx", "after")]
    [InlineData("?after=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSBh", "after")]
    [InlineData("?id=xyz", "id")]
    public async Task A_wrong_query_names_the_parameter(string query, string field)
    {
        using var response = await host.GetAsync($"/v1/jobs{query}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ApiHost.ProblemAsync(response)).Errors!.ShouldHaveSingleItem().Path.ShouldBe(field);
    }

    [Theory]
    [InlineData("'; DROP TABLE jobs; --")]
    [InlineData("' OR '1'='1")]
    [InlineData("\\'; SELECT pg_sleep(60); --")]
    [InlineData("%' UNION SELECT * FROM jobs --")]
    [InlineData("\u0000")]
    public async Task SQL_in_a_name_is_a_name_that_no_job_has(string name)
    {
        await host.SubmitAsync();
        using var response = await host.GetAsync($"/v1/jobs?name={Uri.EscapeDataString(name)}");
        if (name != "\u0000")
            (await response.Content.ReadAsStringAsync(Token)).ShouldBe("{\"jobs\":[]}");
        else
            (await ApiHost.ProblemAsync(response)).Status.ShouldBe(400);
        (await host.GetAsync("/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SQL_in_sample_ids_and_texts_comes_out_as_it_went_in()
    {
        const string Hostile = "a'); DROP TABLE predictions; --\\\"$$ {0} \u2028";
        var line = System.Text.Json.JsonSerializer.Serialize(new { id = Hostile, image = "gone.png", expressions = new[] { new { text = Hostile } } });
        var job = await host.SubmitAsync(host.ManifestJob(host.WriteData("sql.jsonl", line + "\n")));
        (await host.EndOfAsync(job.Id)).State.ShouldBe("done");

        using var export = await host.GetAsync($"/v1/jobs/{job.Id}/export");
        await using var gzip = new System.IO.Compression.GZipStream(await export.Content.ReadAsStreamAsync(Token), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        await reader.ReadLineAsync(Token);
        System.Text.Json.Nodes.JsonNode.Parse((await reader.ReadLineAsync(Token))!)!["sample"]!.GetValue<string>().ShouldBe(Hostile);
    }

    [Fact]
    public async Task Nothing_that_others_write_begins_a_line_of_the_log()
    {
        const string Forged = "2026-01-01T00:00:00.000Z CRIT Forged: the ledger is gone";
        var id = System.Text.Json.JsonSerializer.Serialize($"a\r\n{Forged}\u001b[31m");
        var line = $$"""{"id":{{id}},"image":"gone.png","expressions":[{"text":"x"}]}""" + "\n";
        var job = await host.SubmitAsync(host.ManifestJob(host.WriteData("forged.jsonl", line + line)));
        (await host.EndOfAsync(job.Id)).State.ShouldBe("stopped");
        await host.GetAsync($"/v1/jobs?state={Uri.EscapeDataString($"\r\n{Forged}")}");
        await host.GetAsync($"/v1/{Uri.EscapeDataString($"\r\n{Forged}")}");
        await host.PostAsync("/v1/jobs", ApiHost.Yaml($"name: \"a\\r\\n{Forged}\"\n"));

        var lines = host.Log.Split('\n');
        lines.ShouldContain(text => text.Contains(Forged));
        lines.ShouldNotContain(text => text.TrimStart(' ', '|').StartsWith(Forged, StringComparison.Ordinal));
        host.Log.ShouldNotContain('\u001b');
        host.Log.ShouldNotContain('\r');
    }

    [Fact]
    public async Task The_ledgers_connection_is_in_no_log_and_no_answer()
    {
        await host.SubmitAsync();
        host.Log.ShouldNotContain(host.Connection);
    }

    [Theory]
    [InlineData("GET", "/v2/jobs", 404)]
    [InlineData("GET", "/v1/jobs/not-an-id", 404)]
    [InlineData("GET", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7", 404)]
    [InlineData("POST", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/pause", 404)]
    [InlineData("POST", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/retry", 404)]
    [InlineData("GET", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/export", 404)]
    [InlineData("GET", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/report", 404)]
    [InlineData("GET", "/v1/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/events", 404)]
    [InlineData("DELETE", "/v1/jobs", 405)]
    [InlineData("PATCH", "/v1/workers", 405)]
    public async Task What_is_not_there_is_answered_as_a_problem_whatever_the_client_reads(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await host.Client.SendAsync(request, Token);
        ((int)response.StatusCode).ShouldBe(status);
        await ApiHost.ProblemAsync(response);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_answered_with_the_kinds_that_are_right()
    {
        using var response = await host.PostAsync("/v1/jobs", new StringContent(host.Job(), Encoding.UTF8, "text/plain"));
        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await ApiHost.ProblemAsync(response)).Detail.ShouldNotBeNull().ShouldContain(ApiRoutes.Yaml);
    }

    [Fact]
    public async Task A_fault_inside_tells_the_log_and_not_the_client()
    {
        var job = await host.SubmitAsync();
        await host.EndOfAsync(job.Id);
        await host.Artifacts.PutAsync(Contracts.Artifacts.ArtifactNames.Job(job.Id), "not json, secret inside"u8.ToArray(), Token);

        using var response = await host.GetAsync($"/v1/jobs/{job.Id}/report");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var problem = await ApiHost.ProblemAsync(response);
        problem.TraceId.ShouldNotBeNullOrEmpty();
        var text = await response.Content.ReadAsStringAsync(Token);
        text.ShouldNotContain("Exception");
        text.ShouldNotContain("secret");
        text.ShouldNotContain(" at ");
        host.Log.ShouldContain("JsonException");
    }
}
