using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Fetch;

namespace Pipeline.GpuWorker.Tests.Fetch;

/// <summary>Which addresses are asked, and what is said to them.</summary>
public sealed class ImageFetcherTests : FetchBench
{
    [Fact]
    public async Task An_image_is_fetched_without_cookies_credentials_or_traces()
    {
        server.Serve("/a.png", context =>
        {
            context.Response.Headers.SetCookie = "id=1";
            return context.Response.Body.WriteAsync(Content).AsTask();
        });
        using var fetcher = Fetcher();

        (await FetchAsync(fetcher, server.Url("/a.png?key=1"))).ShouldBe(Content);
        (await FetchAsync(fetcher, server.Url("/a.png?key=2"), Sha(Content))).ShouldBe(Content);

        server.Asked.ShouldBe(["/a.png?key=1", "/a.png?key=2"]);
        server.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ShouldBe(["Accept", "Accept-Encoding", "Host", "User-Agent"]);
        server.Headers["Accept-Encoding"].ShouldBe("identity");
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_asked()
    {
        var before = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1");
        try
        {
            (await FetchAsync(Fetcher(), server.Serve("/a.png", Content))).ShouldBe(Content);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }
    }

    [Theory]
    [InlineData("ftp://host/a.png", "has the scheme 'ftp'")]
    [InlineData("file:///etc/passwd", "is no address")]
    [InlineData("http://user:password@host/a.png", "names a user")]
    [InlineData("http://host/a b.png", "contains white space")]
    [InlineData("http:///a.png", "is no address")]
    [InlineData("nonsense", "is no address")]
    public async Task What_is_no_plain_address_is_refused_before_anybody_is_asked(string address, string reason)
    {
        var fault = await RefusedAsync(address);

        fault.Message.ShouldContain(reason);
        fault.Message.ShouldNotContain("password");
        resolved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_not_even_looked_up()
    {
        options.Hosts = ["images.test"];

        (await RefusedAsync(server.Url("/a.png", "other.test"))).Message.ShouldEndWith("/a.png: the host other.test is not among those that this worker's operator allows (Fetch:Hosts)");
        resolved.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Loopback_is_refused_however_it_is_written(string host)
    {
        server.Serve("/a.png", Content);
        using var fetcher = new ImageFetcher(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, NullLogger<ImageFetcher>.Instance);

        var fault = await Should.ThrowAsync<ImageFetchException>(() => FetchAsync(fetcher, server.Url("/a.png", host)));

        fault.Class.ShouldBe(FaultClass.Poison);
        fault.Message.ShouldContain("this machine itself");
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_network_that_the_operator_names_is_asked()
    {
        options.PrivateNetworks = ["127.0.0.0/8"];
        using var fetcher = new ImageFetcher(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, NullLogger<ImageFetcher>.Instance);

        (await FetchAsync(fetcher, server.Serve("/a.png", Content))).ShouldBe(Content);
    }

    [Fact]
    public async Task A_name_that_leads_to_metadata_is_refused_with_its_address()
    {
        names["images.test"] = new([[IPAddress.Parse("169.254.169.254")]]);

        var fault = await RefusedAsync("http://images.test/latest/meta-data?token=secret");

        fault.Message.ShouldBe("http://images.test/latest/meta-data?...: images.test is 169.254.169.254, which is link-local, where clouds answer with a machine's credentials; nothing is fetched from there");
    }

    [Fact]
    public async Task A_name_that_answers_differently_the_second_time_is_connected_to_as_it_was_judged()
    {
        server.Serve("/a.png", Content);
        names["images.test"] = new([[IPAddress.Loopback], [IPAddress.Parse("169.254.169.254")]]);

        (await FetchAsync(Fetcher(), server.Url("/a.png", "images.test"))).ShouldBe(Content);
        resolved.ShouldBe(["images.test"]);
    }

    [Fact]
    public async Task Of_several_addresses_those_that_may_be_asked_are_tried_in_turn()
    {
        server.Serve("/a.png", Content);
        names["images.test"] = new([[IPAddress.Parse("10.0.0.1"), IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]]);

        (await FetchAsync(Fetcher(), server.Url("/a.png", "images.test"))).ShouldBe(Content);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirects_are_followed(int status)
    {
        server.Serve("/b.png", Content);
        server.Redirect("/a.png", "b.png", status);

        (await FetchAsync(Fetcher(), server.Url("/a.png"))).ShouldBe(Content);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254 is 169.254.169.254, which is link-local")]
    [InlineData("http://10.0.0.1/a.png", "10.0.0.1 is 10.0.0.1, which is private")]
    [InlineData("http://[::ffff:169.254.169.254]/a.png", "which is link-local")]
    [InlineData("http://metadata.test/a.png", "metadata.test is 169.254.169.254, which is link-local")]
    [InlineData("ftp://127.0.0.1/a.png", "has the scheme 'ftp'")]
    [InlineData("file:///etc/passwd", "has the scheme 'file'")]
    [InlineData("http://user:password@127.0.0.1/a.png", "names a user")]
    public async Task Every_hop_is_judged_like_the_first(string to, string reason)
    {
        names["metadata.test"] = new([[IPAddress.Parse("169.254.169.254")]]);
        server.Redirect("/a.png", to);

        var fault = await RefusedAsync(server.Url("/a.png"));

        fault.Message.ShouldContain(reason);
        fault.Message.ShouldContain("/a.png, redirected to ");
        fault.Message.ShouldNotContain("password");
        server.Asked.ShouldBe(["/a.png"]);
    }

    [Fact]
    public async Task A_redirect_to_a_host_that_is_not_allowed_is_refused()
    {
        options.Hosts = ["127.0.0.1"];
        server.Redirect("/a.png", server.Url("/b.png", "other.test"));

        (await RefusedAsync(server.Url("/a.png"))).Message.ShouldContain("the host other.test is not among those");
    }

    [Fact]
    public async Task More_redirects_than_are_followed_are_refused()
    {
        options.Redirects = 2;
        server.Redirect("/round.png", "round.png");

        (await RefusedAsync(server.Url("/round.png"))).Message.ShouldContain("redirects more than 2 times");
        server.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_redirect_that_says_nowhere_to_is_refused()
    {
        server.Serve("/a.png", context =>
        {
            context.Response.StatusCode = 302;
            return Task.CompletedTask;
        });

        (await RefusedAsync(server.Url("/a.png"))).Message.ShouldContain("answered 302 (Found) without saying where to");
    }
}
