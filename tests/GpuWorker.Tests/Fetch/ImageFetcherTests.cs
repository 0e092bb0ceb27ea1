using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Fetch;

/// <summary>Against a real server on loopback, which these tests alone allow.</summary>
public sealed class ImageFetcherTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    private readonly FetchOptions options = new() { Hosts = ["*"], Seconds = 20, TrySeconds = 5, Tries = 3 };
    private readonly List<string> resolved = [];
    private PictureServer server = null!;

    /// <summary>What names resolve to; loopback unless a test says otherwise.</summary>
    private readonly Dictionary<string, Queue<IPAddress[]>> names = [];

    public async ValueTask InitializeAsync() => server = await PictureServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

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

    [Theory]
    [InlineData(404, "answered 404 (NotFound)")]
    [InlineData(403, "answered 403 (Forbidden)")]
    [InlineData(410, "answered 410 (Gone)")]
    [InlineData(204, "answered 204 (NoContent)")]
    [InlineData(501, "answered 501 (NotImplemented)")]
    public async Task What_another_try_would_not_change_is_tried_once(int status, string reason)
    {
        server.Serve("/a.png", context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        (await RefusedAsync(server.Url("/a.png?signature=secret"))).Message.ShouldBe($"{server.Url("/a.png")}?...: {reason}");
        server.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_host_that_is_busy_is_asked_again(int status)
    {
        var left = 2;
        server.Serve("/a.png", context =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }

            return context.Response.Body.WriteAsync(Content).AsTask();
        });

        (await FetchAsync(Fetcher(), server.Url("/a.png"))).ShouldBe(Content);
        server.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_host_that_stays_busy_is_given_up_and_the_fault_is_transient()
    {
        server.Serve("/a.png", context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });

        var fault = await ThrownAsync(server.Url("/a.png"));

        (fault.Class, fault.Message).ShouldBe((FaultClass.Transient, $"{server.Url("/a.png")}: answered 503 (ServiceUnavailable)"));
        server.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_host_is_not_asked_before_it_wants_to_be()
    {
        var first = true;
        server.Serve("/a.png", context =>
        {
            if (!first)
            {
                return context.Response.Body.WriteAsync(Content).AsTask();
            }

            first = false;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "2";
            return Task.CompletedTask;
        });
        var start = TimeProvider.System.GetTimestamp();

        (await FetchAsync(Fetcher(), server.Url("/a.png"))).ShouldBe(Content);

        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_host_that_wants_to_be_asked_later_than_there_is_time_is_given_up_at_once()
    {
        server.Serve("/a.png", context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });

        var fault = await ThrownAsync(server.Url("/a.png"));

        (fault.Class, server.Asked.Count).ShouldBe((FaultClass.Transient, 1));
        fault.Message.ShouldContain("asks to come back in 3600 s; 20 s are spent on an image");
    }

    [Fact]
    public async Task A_line_that_breaks_in_the_middle_is_tried_again()
    {
        var first = true;
        server.Serve("/a.png", async context =>
        {
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content.AsMemory(0, first ? 500 : 1000));
            if (first)
            {
                first = false;
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
        });

        (await FetchAsync(Fetcher(), server.Url("/a.png"))).ShouldBe(Content);
    }

    [Fact]
    public async Task Nobody_listening_is_a_transient_fault()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (await ThrownAsync($"http://127.0.0.1:{port}/a.png")).Class.ShouldBe(FaultClass.Transient);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_a_transient_fault()
    {
        names["nobody.test"] = new([[]]);

        (await ThrownAsync("http://nobody.test/a.png")).Class.ShouldBe(FaultClass.Transient);
    }

    [Fact]
    public async Task A_server_that_says_it_has_too_much_is_believed()
    {
        options.LargestBytes = 999;
        server.Serve("/a.png", context =>
        {
            context.Response.ContentLength = Content.Length;
            return context.Response.Body.WriteAsync(Content).AsTask();
        });

        (await RefusedAsync(server.Url("/a.png"))).Message.ShouldContain("has 1000 bytes; at most 999 are fetched (Fetch:LargestBytes)");
    }

    [Fact]
    public async Task A_server_that_never_ends_is_left_at_the_limit()
    {
        options.LargestBytes = 100_000;
        var left = new TaskCompletionSource();
        server.Serve("/a.png", async context =>
        {
            try
            {
                while (true)
                {
                    await context.Response.Body.WriteAsync(new byte[10_000], context.RequestAborted);
                }
            }
            finally
            {
                left.SetResult();
            }
        });

        (await RefusedAsync(server.Url("/a.png"))).Message.ShouldContain("has more than 100000 bytes");
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Workbench.Token);
    }

    [Fact]
    public async Task An_image_of_exactly_the_limit_is_fetched()
    {
        options.LargestBytes = Content.Length;

        (await FetchAsync(Fetcher(), server.Serve("/a.png", Content))).ShouldBe(Content);
    }

    [Fact]
    public async Task Packed_content_is_refused_and_not_unpacked()
    {
        server.Serve("/a.png", async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(new byte[1_000_000]);
        });

        (await RefusedAsync(server.Url("/a.png"))).Message.ShouldContain("its content is compressed (gzip), which was not asked for");
    }

    [Fact]
    public async Task A_server_that_drips_is_left_when_the_time_is_up()
    {
        (options.Seconds, options.TrySeconds, options.Tries) = (3, 1, 2);
        server.Serve("/a.png", async context =>
        {
            context.Response.ContentLength = Content.Length;
            for (var sent = 0; sent < Content.Length && !context.RequestAborted.IsCancellationRequested; sent++)
            {
                await context.Response.Body.WriteAsync(Content.AsMemory(sent, 1));
                await context.Response.Body.FlushAsync();
                await Task.Delay(50, context.RequestAborted);
            }
        });

        var fault = await ThrownAsync(server.Url("/a.png"));

        (fault.Class, fault.Message).ShouldBe((FaultClass.Transient, $"{server.Url("/a.png")}: did not answer in full within 1 s"));
        server.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Headers_beyond_measure_are_refused()
    {
        server.Serve("/a.png", context =>
        {
            context.Response.Headers["X-Long"] = new string('x', 100_000);
            return context.Response.Body.WriteAsync(Content).AsTask();
        });

        (await RefusedAsync(server.Url("/a.png"))).Class.ShouldBe(FaultClass.Poison);
    }

    [Fact]
    public async Task Other_content_than_the_manifest_says_is_refused()
    {
        var expected = Sha(Encoding.UTF8.GetBytes("as it was"));
        server.Serve("/a.png", Content);

        var fault = await Should.ThrowAsync<ImageFetchException>(() => FetchAsync(Fetcher(), server.Url("/a.png"), expected));

        (fault.Class, fault.Message).ShouldBe((FaultClass.Poison, $"{server.Url("/a.png")}: its content has the SHA-256 {Sha(Content)}; the manifest says {expected}"));
    }

    [Fact]
    public async Task No_more_are_fetched_at_once_than_allowed()
    {
        (options.AtOnce, options.PerHost) = (6, 3);
        var full = new TaskCompletionSource();
        var come = 0;
        server.Serve("/a.png", async context =>
        {
            if (Interlocked.Increment(ref come) == 6)
            {
                full.SetResult();
            }

            await full.Task.WaitAsync(TimeSpan.FromSeconds(10));
            await context.Response.Body.WriteAsync(Content);
        });
        using var fetcher = Fetcher();

        string[] hosts = ["one.test", "two.test"];
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => FetchAsync(fetcher, server.Url("/a.png", hosts[i % 2]))));

        server.MostAtOnce.ShouldBe(6);
    }

    [Fact]
    public async Task A_slow_host_keeps_no_other_waiting()
    {
        (options.AtOnce, options.PerHost) = (4, 1);
        var release = new TaskCompletionSource();
        server.Serve("/slow.png", async context =>
        {
            await release.Task;
            await context.Response.Body.WriteAsync(Content);
        });
        server.Serve("/fast.png", Content);
        using var fetcher = Fetcher();

        var slow = Enumerable.Range(0, 8).Select(_ => FetchAsync(fetcher, server.Url("/slow.png", "slow.test"))).ToList();
        (await FetchAsync(fetcher, server.Url("/fast.png", "fast.test"))).ShouldBe(Content);

        slow.ShouldAllBe(one => !one.IsCompleted);
        release.SetResult();
        await Task.WhenAll(slow);
    }

    [Fact]
    public async Task A_caller_that_goes_ends_it_at_once()
    {
        using var leaving = new CancellationTokenSource();
        server.Serve("/a.png", async context =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var fetcher = Fetcher();

        await Should.ThrowAsync<OperationCanceledException>(() => fetcher.FetchAsync(server.Url("/a.png"), null, leaving.Token));
    }

    private ImageFetcher Fetcher() => new(
        options,
        new AddressPolicy([IPNetwork.Parse("127.0.0.0/8")]),
        (host, token) =>
        {
            lock (resolved)
            {
                resolved.Add(host);
            }

            return Task.FromResult(
                IPAddress.TryParse(host, out var address) ? [address]
                : names.TryGetValue(host, out var answers) ? answers.Count > 1 ? answers.Dequeue() : answers.Peek()
                : [IPAddress.Loopback]);
        },
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task<byte[]> FetchAsync(ImageFetcher fetcher, string address, string? sha256 = null) =>
        (await fetcher.FetchAsync(address, sha256, Workbench.Token)).ToArray();

    private async Task<ImageFetchException> ThrownAsync(string address)
    {
        using var fetcher = Fetcher();
        return await Should.ThrowAsync<ImageFetchException>(() => FetchAsync(fetcher, address));
    }

    private async Task<ImageFetchException> RefusedAsync(string address)
    {
        var fault = await ThrownAsync(address);
        fault.Class.ShouldBe(FaultClass.Poison);
        return fault;
    }

    private static string Sha(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
