using System.Net;
using System.Net.Http.Headers;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Attempts to get in without a right key.</summary>
public sealed class AccessTests(KeyedHost keyed) : IClassFixture<KeyedHost>
{
    private readonly ApiHost host = keyed.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_no_route_of_the_API_answers()
    {
        using var stranger = host.ClientWith(null);
        var routes = host.Routes.Where(route => route.Path.StartsWith("/v1", StringComparison.Ordinal)).ToList();
        routes.Count.ShouldBeGreaterThanOrEqualTo(15);
        foreach (var (method, path) in routes)
        {
            using var response = await SendAsync(stranger, method, path);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            (await ApiHost.ProblemAsync(response)).Detail.ShouldNotBeNull().ShouldContain("API key");
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer plk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer ' OR '1'='1")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Negotiate x")]
    public async Task A_header_that_holds_no_right_key_opens_nothing(string header)
    {
        using var client = host.ClientWith(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        (await client.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_right_key_beside_a_wrong_one_opens_nothing()
    {
        using var client = host.ClientWith(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", ["Bearer wrong", $"Bearer {host.NewKey("beside", ApiScope.Admin)}"]);
        (await client.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_hash_that_is_kept_is_no_key()
    {
        host.NewKey("hashed", ApiScope.Admin);
        using var client = host.ClientWith(KeyFile.Read(host.KeysFile).Single(key => key.Name == "hashed").Sha256);
        (await client.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_that_expired_is_refused()
    {
        using var good = host.ClientWith(host.NewKey("lasting", ApiScope.Read, TimeSpan.FromHours(1)));
        using var expired = host.ClientWith(host.NewKey("expired", ApiScope.Read, TimeSpan.FromSeconds(-1)));
        (await good.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await expired.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_that_is_revoked_is_refused_from_the_next_request()
    {
        using var client = host.ClientWith(host.NewKey("leaver", ApiScope.Submit));
        (await client.GetAsync(new Uri("/v1/workers", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        KeyFile.Revoke(host.KeysFile, "leaver", TimeProvider.System.GetUtcNow());

        (await client.GetAsync(new Uri("/v1/workers", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_may_do_what_its_scope_includes_and_nothing_else()
    {
        using var reader = host.ClientWith(host.NewKey("reader", ApiScope.Read));
        using var submitter = host.ClientWith(host.NewKey("submitter", ApiScope.Submit));
        foreach (var (method, path) in host.Routes.Where(route => route.Path.StartsWith("/v1", StringComparison.Ordinal)))
        {
            var forReader = await StatusAsync(reader, method, path);
            var forSubmitter = await StatusAsync(submitter, method, path);
            (forReader == HttpStatusCode.Forbidden).ShouldBe(method != "GET", $"read: {method} {path}");
            (forSubmitter == HttpStatusCode.Forbidden).ShouldBe(method == "DELETE", $"submit: {method} {path}");
        }
    }

    [Fact]
    public async Task Who_may_not_do_something_is_told_so_as_a_problem()
    {
        using var reader = host.ClientWith(host.NewKey("looker", ApiScope.Read));
        using var response = await SendAsync(reader, "DELETE", $"/v1/jobs/{Guid.NewGuid()}");
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ApiHost.ProblemAsync(response)).Detail.ShouldNotBeNull().ShouldContain("'looker'");
    }

    [Fact]
    public async Task Health_and_the_description_need_no_key()
    {
        using var stranger = host.ClientWith(null);
        (await stranger.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_key_is_ever_in_the_log()
    {
        var key = host.NewKey("secret", ApiScope.Read);
        using var client = host.ClientWith(key);
        (await client.GetAsync(new Uri("/v1/jobs?state=wrong", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var wrong = host.ClientWith(key + "x");
        (await wrong.GetAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        host.Log.ShouldContain("/v1/jobs");
        host.Log.ShouldNotContain(key);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string method, string path)
    {
        using var response = await SendAsync(client, method, path);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal), UriKind.Relative));
        if (method is "POST" or "PUT")
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        return await client.SendAsync(request, Token);
    }
}
