using System.IO.Compression;
using System.Text;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Fetch;

/// <summary>What ends a fetch that would go on: bytes, time, other fetches, a caller that goes.</summary>
public sealed class FetchLimitTests : FetchBench
{
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
}
