using System.Net;
using System.Net.Http.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

public sealed class JobApiTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_submitted_job_is_accepted_with_its_address_and_runs_to_its_end()
    {
        await using var host = await ApiHost.StartAsync(ledgers);

        using var response = await host.PostAsync("/v1/jobs?priority=5", ApiHost.Yaml(host.Job("nightly")));

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var submitted = (await response.Content.ReadFromJsonAsync<JobStatus>(ContractsJson.Options, Token))!;
        response.Headers.Location!.ToString().ShouldBe($"/v1/jobs/{submitted.Id}");
        submitted.Priority.ShouldBe(5);
        var ended = await host.EndOfAsync(submitted.Id);
        ended.State.ShouldBe("done");
        ended.SamplesDone.ShouldBe(10);
        ended.Shards.ShouldBe(new ShardCounts(0, 0, 3, 0, 0));
        ended.Variants.Select(variant => (variant.Name, variant.Done, variant.Total)).ShouldBe([("none", 30L, 30L), ("fastv:keep=0.5", 30L, 30L)]);
    }

    [Fact]
    public async Task A_wrong_job_is_answered_with_every_fault_and_its_line()
    {
        await using var host = await ApiHost.StartAsync(ledgers);

        using var response = await host.PostAsync("/v1/jobs", ApiHost.Yaml(host.Job(count: 0, variants: "[none, \"fastv:keep=2\"]")));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await ApiHost.ProblemAsync(response);
        problem.Errors!.Select(error => (error.Path, error.Line)).ShouldBe([("dataset.count", 2), ("variants[1].keep", 4)]);
        (await host.Client.GetFromJsonAsync<JobPage>("/v1/jobs", ContractsJson.Options, Token))!.Jobs.ShouldBeEmpty();
    }
}
