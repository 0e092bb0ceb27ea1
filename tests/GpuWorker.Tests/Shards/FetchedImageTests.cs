using System.Security.Cryptography;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Shards;
using Pipeline.GpuWorker.Tests.Fakes;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Tests.Shards;

/// <summary>Shards whose images lie on a real server on loopback.</summary>
public sealed class FetchedImageTests : IAsyncLifetime
{
    private static readonly byte[] Picture = ImageCodec.EncodePng(Workbench.Picture(20, 10, red: 5));

    private readonly ScriptedModel model = new();
    private readonly Workbench bench;
    private PictureServer server = null!;

    public FetchedImageTests()
    {
        bench = new Workbench(model) { Urls = ImageUrls.Allow };
        (bench.Fetch.Hosts, bench.Fetch.PrivateNetworks, bench.Fetch.Tries) = (["*"], ["127.0.0.0/8"], 1);
    }

    public async ValueTask InitializeAsync() => server = await PictureServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_fetched_image_has_the_predictions_of_the_same_image_on_disk()
    {
        var fromDisk = await bench.RunAsync(bench.FileSample("a"));

        var fetched = await bench.RunAsync(At("a", server.Serve("/a.png", Picture)), At("b", server.Url("/a.png"), Hash(Picture)));

        PredictionDigest.Of([.. fetched.Take(2)]).ToString().ShouldBe(PredictionDigest.Of(fromDisk).ToString());
        fetched.ShouldAllBe(prediction => prediction.Failure == null && prediction.Mask != null);
    }

    [Fact]
    public async Task What_cannot_be_fetched_fails_its_own_predictions_and_the_shard_goes_on()
    {
        server.Serve("/a.png", Picture);
        server.Serve("/text.png", "no picture"u8.ToArray());
        server.Serve("/busy.png", context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });

        var predictions = await bench.RunAsync(
            At("gone", server.Url("/gone.png?key=secret")),
            At("busy", server.Url("/busy.png")),
            At("changed", server.Url("/a.png"), Hash([])),
            At("text", server.Url("/text.png")),
            bench.FileSample("disk"),
            At("good", server.Url("/a.png")));

        predictions.Select(p => (p.Sample, p.Failure?.Class, p.Failure?.Stage)).Distinct().ShouldBe(
        [
            ("gone", FaultClass.Poison, "fetch"),
            ("busy", FaultClass.Transient, "fetch"),
            ("changed", FaultClass.Poison, "fetch"),
            ("text", FaultClass.Poison, "decode"),
            ("disk", null, null),
            ("good", null, null),
        ]);
        predictions[0].Failure!.Reason.ShouldBe($"{server.Url("/gone.png")}?...: answered 404 (NotFound)");
    }

    [Fact]
    public async Task Images_of_a_shard_are_fetched_side_by_side_and_come_in_their_order()
    {
        const int AtOnce = 12;
        (bench.Fetch.AtOnce, bench.Fetch.PerHost) = (AtOnce, AtOnce);
        var (come, all) = (0, new TaskCompletionSource());
        server.Serve("/a.png", async context =>
        {
            if (Interlocked.Increment(ref come) == AtOnce)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await context.Response.Body.WriteAsync(Picture);
        });

        var predictions = await bench.RunAsync([.. Enumerable.Range(0, AtOnce).Select(i => At($"s{i:00}", server.Url("/a.png")))]);

        predictions.Select(p => p.Sample).Distinct().ShouldBe(Enumerable.Range(0, AtOnce).Select(i => $"s{i:00}"));
        predictions.ShouldAllBe(p => p.Failure == null);
        server.MostAtOnce.ShouldBe(AtOnce);
    }

    [Fact]
    public async Task A_shard_that_fails_leaves_no_image_behind_that_is_waited_for()
    {
        var given = new TaskCompletionSource();
        server.Serve("/never.png", async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => given.SetResult(), TaskScheduler.Default);
        });
        server.Serve("/a.png", Picture);
        model.OnEncode = () => throw new InvalidOperationException("CUDA error: device-side assert triggered");

        await Should.ThrowAsync<Exception>(() => bench.RunAsync(At("a", server.Url("/a.png")), At("never", server.Url("/never.png"))));

        await given.Task.WaitAsync(TimeSpan.FromSeconds(10), Workbench.Token);
    }

    [Fact]
    public async Task A_worker_whose_operator_allows_no_host_refuses_the_job_and_no_other()
    {
        var job = (await new ShardLoader(bench.Store).LoadAsync(await bench.PlanAsync([bench.FileSample("a")]), Workbench.Token)).Job;
        bench.Urls = ImageUrls.Refuse;
        var other = (await new ShardLoader(bench.Store).LoadAsync(await bench.PlanAsync([bench.FileSample("a")]), Workbench.Token)).Job;

        var fault = Should.Throw<ShardException>(() => ShardAdmission.RequireFetching(job, new FetchOptions()));

        (fault.Class, fault.Message).ShouldBe((FaultClass.Refused, "the job's images lie at addresses, and this worker fetches none; its operator allows hosts as Fetch:Hosts"));
        ShardAdmission.RequireFetching(job, bench.Fetch);
        ShardAdmission.RequireFetching(other, new FetchOptions());
    }

    private static Sample At(string id, string url, string? sha256 = null) =>
        new(id, new ImageSource { Url = url }, sha256, [new Expression("the red part", false, null)]);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
