using System.Net;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Tests.Fetch;

/// <summary>What is tried again, and when.</summary>
public sealed class FetchRetryTests : FetchBench
{
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
}
