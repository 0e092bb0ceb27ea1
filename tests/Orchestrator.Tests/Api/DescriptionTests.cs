using System.Text.Json.Nodes;

namespace Pipeline.Orchestrator.Tests.Api;

public sealed class DescriptionTests(OpenHost open) : IClassFixture<OpenHost>
{
    private readonly ApiHost host = open.Host;

    [Fact]
    public async Task Every_route_is_described_with_its_summary_its_scope_and_its_problems()
    {
        var document = await DocumentAsync();
        foreach (var (method, path) in host.Routes.Where(route => route.Path.StartsWith("/v1", StringComparison.Ordinal)))
        {
            var operation = document["paths"]![path]?[method.ToLowerInvariant()];
            operation.ShouldNotBeNull($"{method} {path}");
            operation["summary"]!.GetValue<string>().ShouldNotBeEmpty();
            operation["operationId"]!.GetValue<string>().ShouldNotBeEmpty();
            operation["description"]!.GetValue<string>().ShouldMatch("Scope: (read|submit|admin)");
            operation["security"]!.AsArray().ShouldHaveSingleItem()!["Bearer"].ShouldNotBeNull();
            foreach (var status in (string[])["401", "403", "429", "503"])
                operation["responses"]![status]!["content"]!["application/problem+json"].ShouldNotBeNull($"{method} {path} {status}");
            operation["responses"]!.AsObject().ShouldContain(response => response.Key.StartsWith('2'), $"{method} {path}");
        }
    }

    [Fact]
    public async Task The_security_scheme_and_the_bodies_in_job_notation_are_described_with_examples()
    {
        var document = await DocumentAsync();
        document["components"]!["securitySchemes"]!["Bearer"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
        foreach (var path in (string[])["/v1/jobs", "/v1/jobs/{id}/variants"])
            document["paths"]![path]!["post"]!["requestBody"]!["content"]!["application/yaml"]!["example"]!.GetValue<string>().ShouldContain("variants:");
        var ids = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!["operationId"]!.GetValue<string>()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    private async Task<JsonNode> DocumentAsync() =>
        JsonNode.Parse(await (await host.GetAsync("/openapi/v1.json")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
}
