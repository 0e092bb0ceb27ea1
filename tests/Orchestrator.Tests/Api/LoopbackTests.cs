using System.Net;
using Microsoft.Extensions.Configuration;
using Pipeline.Orchestrator.Api;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Attempts to reach a host without keys from elsewhere.</summary>
public sealed class LoopbackTests(OpenHost open) : IClassFixture<OpenHost>
{
    private readonly ApiHost host = open.Host;

    [Theory]
    [InlineData("urls", "http://0.0.0.0:5000")]
    [InlineData("urls", "http://127.0.0.1:5000;http://*:5001")]
    [InlineData("urls", "http://[::]:5000")]
    [InlineData("urls", "http://+:80")]
    [InlineData("urls", "http://192.168.1.7:5000")]
    [InlineData("urls", "http://example.org:5000")]
    [InlineData("urls", "nonsense")]
    [InlineData("http_ports", "8080")]
    [InlineData("https_ports", "8443")]
    [InlineData("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:5000")]
    public void Without_keys_an_address_that_others_reach_is_refused_with_what_would_be_right(string setting, string value)
    {
        var result = Check(setting, value).Validate(null, new ApiOptions());
        result.Failed.ShouldBeTrue();
        result.FailureMessage.ShouldContain("pipeline key create");
        result.FailureMessage.ShouldContain("127.0.0.1");
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:5000;http://[::1]:5000;http://localhost:5001")]
    [InlineData("urls", "http://unix:/tmp/pipeline.sock")]
    [InlineData("Kestrel:Endpoints:Own:Url", "http://localhost:5000")]
    [InlineData("nothing", "")]
    public void Without_keys_an_address_of_this_machine_only_is_right(string setting, string value) =>
        Check(setting, value).Validate(null, new ApiOptions()).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("169.254.169.254")]
    public async Task A_name_that_was_made_to_point_here_gets_nothing(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/jobs", UriKind.Relative)) { Headers = { Host = name } };
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await ApiHost.ProblemAsync(response);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("file://")]
    public async Task A_page_of_another_site_can_submit_nothing(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative)) { Content = ApiHost.Yaml(host.Job("forged")) };
        request.Headers.Add("Origin", origin);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await ApiHost.ProblemAsync(response);
        (await (await host.GetAsync("/v1/jobs?name=forged")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"jobs\":[]");
    }

    [Fact]
    public async Task A_page_of_this_machine_is_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/jobs", UriKind.Relative));
        request.Headers.Add("Origin", "http://localhost:3000");
        (await host.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static ApiOptionsCheck Check(string setting, string value) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(setting, (string?)value)]).Build());
}
