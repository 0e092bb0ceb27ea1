using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Planning;

public sealed class JobPlannerTests(LedgerFixture ledgers) : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private Room room = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => room = await Room.OpenAsync(ledgers, dispatching: false);

    public async ValueTask DisposeAsync()
    {
        await room.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Shards_cover_the_manifest_without_gap_or_overlap_and_counts_agree()
    {
        var job = await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 4));

        var shards = await room.QueryAsync(ledger => ledger.Shards.OrderBy(shard => shard.Index).ToListAsync(Token));
        shards.Select(shard => (shard.First, shard.Samples)).ShouldBe([(0, 4), (4, 4), (8, 2)]);
        var ids = new List<string>();
        foreach (var shard in shards)
        {
            var slice = await ReadAsync(shard.Slice);
            slice.Sum(sample => sample.Expressions.Count).ShouldBe(shard.Expressions);
            ids.AddRange(slice.Select(sample => sample.Id));
        }

        ids.ShouldBe(Enumerable.Range(0, 10).Select(index => $"scene-{index:D7}"));
        (job.Samples, job.Expressions).ShouldBe((10, shards.Sum(shard => shard.Expressions)));
        var row = await room.QueryAsync(ledger => ledger.Jobs.SingleAsync(Token));
        (row.State, row.Samples, row.Expressions, row.Shards, row.ManifestHash).ShouldBe((JobState.Running, job.Samples, job.Expressions, 3, job.ManifestHash));
    }

    [Fact]
    public async Task The_same_specification_gives_the_same_manifest_and_fingerprint_under_another_id()
    {
        await using var other = await Room.OpenAsync(ledgers, dispatching: false);

        var first = await room.PlanAsync(TestJobs.Spec());
        var second = await other.PlanAsync(TestJobs.Spec(), Guid.NewGuid());
        var third = await other.PlanAsync(TestJobs.Spec(samples: 11), Guid.NewGuid());

        second.ManifestHash.ShouldBe(first.ManifestHash);
        JobFingerprint.Of(second).ShouldBe(JobFingerprint.Of(first));
        third.ManifestHash.ShouldNotBe(first.ManifestHash);
        JobFingerprint.Of(third).ShouldNotBe(JobFingerprint.Of(first));
    }

    [Fact]
    public async Task Other_weights_give_another_fingerprint()
    {
        var job = await room.PlanAsync(TestJobs.Spec());

        JobFingerprint.Of(job with { Model = job.Model with { WeightsHash = new string('b', 64) } }).ShouldNotBe(JobFingerprint.Of(job));
    }

    [Fact]
    public async Task An_image_that_cannot_be_read_is_still_a_sample()
    {
        await File.WriteAllBytesAsync(folder.File("there.png"), [1, 2, 3], Token);

        var job = await room.PlanAsync(Manifest(("a", "there.png"), ("b", "gone.png")));

        job.Samples.ShouldBe(2);
        var slice = await ReadAsync(ArtifactNames.Slice(room.Job, 0));
        slice[0].ContentHash.ShouldBe("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        slice[1].ContentHash.ShouldBeNull();
    }

    [Fact]
    public async Task A_dataset_that_names_a_sample_twice_stops_the_job_and_says_so()
    {
        await using var planning = await Room.OpenAsync(ledgers);
        await planning.Get<JobControl>().SubmitAsync(planning.Job, Manifest(("a", "1.png"), ("a", "2.png")), TestJobs.Model, new SubmitOptions(), Token);

        var progress = await planning.EndOfJobAsync();

        progress.State.ShouldBe(JobState.Stopped);
        progress.Reason.ShouldNotBeNull().ShouldStartWith("planning failed: ");
        progress.Reason.ShouldContain("'a'");
    }

    [Theory]
    [InlineData(10, 3, new long[] { 0, 3, 6 })]
    [InlineData(2, 12, new long[] { 0, 1 })]
    [InlineData(5, 0, new long[] { })]
    [InlineData(4_000_000_000_000, 2, new long[] { 0, 2_000_000_000_000 })]
    public void Overlay_samples_are_evenly_spaced(long samples, int overlays, long[] positions) =>
        OverlayPositions.Of(samples, overlays).ShouldBe(positions);

    [Fact]
    public async Task Overlay_samples_are_named_in_the_job()
    {
        var job = await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 4));

        job.OverlaySamples.ShouldBe(["scene-0000000", "scene-0000003", "scene-0000006"]);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_dataset()
    {
        // 80 MB of samples in memory; at any moment only a shard's worth of them lives.
        var text = new string('x', 4000);
        await File.WriteAllLinesAsync(folder.File("large.jsonl"), Enumerable.Range(0, 10_000).Select(index =>
            JsonSerializer.Serialize(new { id = $"s{index}", image = "gone.png", expressions = new[] { new { text = $"{index}{text}" } } })), Token);
        var store = new MeasuringStore(room.Artifacts);
        var planner = new JobPlanner(room.Get<IDbContextFactory<LedgerContext>>(), store, PlanRules.None, TimeProvider.System, NullLogger<JobPlanner>.Instance);
        var spec = TestJobs.Spec(perShard: 100) with { Dataset = new DatasetSpec("manifest") { Path = folder.File("large.jsonl") } };
        await room.Get<JobControl>().SubmitAsync(room.Job, spec, TestJobs.Model, new SubmitOptions(), Token);

        await planner.PlanAsync(room.Job, Token);

        store.Living.Count.ShouldBeGreaterThan(5);
        (store.Living.Max() - store.Living[0]).ShouldBeLessThan(20_000_000);
    }

    private JobSpec Manifest(params (string Id, string Image)[] samples)
    {
        File.WriteAllLines(folder.File("manifest.jsonl"), samples.Select(sample =>
            JsonSerializer.Serialize(new { id = sample.Id, image = sample.Image, expressions = new[] { new { text = "the dog" } } })));
        return TestJobs.Spec() with { Dataset = new DatasetSpec("manifest") { Path = folder.File("manifest.jsonl") } };
    }

    private async Task<IReadOnlyList<Sample>> ReadAsync(string slice)
    {
        await using var stream = await room.Artifacts.OpenAsync(slice, Token);
        return await ManifestSlice.ReadAsync(stream, slice, Token);
    }
}
