using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Poison;

public sealed class PoisonTests(LedgerFixture ledgers)
{
    private const string Killer = "scene-0000005";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_that_crashes_workers_is_found_by_halving_and_only_it_is_given_up()
    {
        await using var room = await Room.OpenAsync(ledgers, CrashOnKillerAsync);
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 8) with { Failures = new() { Percent = 100 } });

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);

        var rows = await room.QueryAsync(ledger => ledger.Predictions.ToListAsync(Token));
        rows.Count.ShouldBe(90);
        var failed = rows.Where(row => row.Fault is not null).ToList();
        failed.Select(row => row.Sample).Distinct().ShouldBe([Killer]);
        failed.Count.ShouldBe(9);
        failed.ShouldAllBe(row => row.Fault == FaultClass.Crash && row.Stage == "mask");
        failed[0].Reason.ShouldNotBeNull().ShouldContain("after 2 crashes and 0 lost workers; attempt 1 on worker-1: mask, signal 11; attempt 2 on worker-1: mask, signal 11");
        var shards = await room.QueryAsync(ledger => ledger.Shards.OrderBy(shard => shard.Index).ToListAsync(Token));
        shards.Where(shard => shard.Parent is null).Select(shard => shard.State).ShouldBe([ShardState.Split, ShardState.Done]);
        shards.Where(shard => shard.State == ShardState.Done).Sum(shard => shard.Samples).ShouldBe(10);
        shards.Where(shard => shard.Quarantined).Select(shard => (shard.First, shard.Samples)).ShouldBe([(5, 1)]);
        shards.Max(shard => shard.Attempt).ShouldBe(2, "nothing is tried more often than it takes");
        var report = (await room.Get<ReportPublisher>().PublishAsync(room.Job, Token)).Report;
        (report.Final, report.Samples, report.Failures).ShouldBe((true, 10, 9));
    }

    [Fact]
    public async Task The_failure_budget_counts_a_quarantined_sample()
    {
        await using var room = await Room.OpenAsync(ledgers, CrashOnKillerAsync);

        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 8) with { Failures = new() { Percent = 0 } });

        var ended = await room.EndOfJobAsync();
        (ended.State, ended.Reason).ShouldBe((JobState.Stopped, "9 predictions failed; the job's failure budget allows 0. What is done stays."));
    }

    [Fact]
    public async Task A_quarantined_sample_is_listed_and_a_retry_gives_it_another_chance()
    {
        var mended = false;
        await using var room = await Room.OpenAsync(ledgers, (self, context) => Volatile.Read(ref mended) ? Room.CompleteAsync(self, context) : CrashOnKillerAsync(self, context));
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 8) with { Failures = new() { Percent = 100 } });
        await room.EndOfJobAsync();
        var faults = await room.Get<JobFaults>().ListAsync(room.Job, Token);
        faults.Where(fault => fault.Kind == FaultKind.QuarantinedShard).Select(fault => fault.Sample).ShouldBe([Killer]);
        faults.Count(fault => fault.Kind == FaultKind.FailedPrediction).ShouldBe(9);
        faults.Count(fault => fault.Kind == FaultKind.FailedAttempt).ShouldBe(8, "two each of 8, 4, 2 samples and of the one");

        Volatile.Write(ref mended, true);
        (await room.Get<JobControl>().RetryAsync(room.Job, Token)).Shards.ShouldBe(1);

        await Eventually.Get("predictions without a fault", () => room.QueryAsync(ledger => ledger.Predictions.CountAsync(row => row.Fault == null, Token)), count => count == 90);
        (await room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.Quarantined, Token))).ShouldBe(0);
    }

    [Fact]
    public async Task What_arrives_late_of_a_shard_that_was_split_counts_for_nothing()
    {
        var early = new ConcurrentQueue<ProcessShard>();
        await using var room = await Room.OpenAsync(ledgers, async (self, context) =>
        {
            if (context.Message is { Shard: 0 })
                early.Enqueue(context.Message);
            await CrashOnKillerAsync(self, context);
        });
        await room.PlanAsync(TestJobs.Spec(samples: 8, perShard: 8) with { Failures = new() { Percent = 100 } });
        await room.EndOfJobAsync();

        var outcome = await room.Get<ShardIngest>().IngestAsync(await room.StoreResultAsync(early.First()), Token);

        outcome.ShouldBe(IngestOutcome.Ignored);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(72);
    }

    private static async Task CrashOnKillerAsync(Room room, ConsumeContext<ProcessShard> context)
    {
        var message = context.Message;
        await using var stream = await room.Artifacts.OpenAsync(message.SliceArtifact, Token);
        var slice = await ManifestSlice.ReadAsync(stream, message.SliceArtifact, Token);
        if (slice.Skip(message.Part.Skip).Take(message.Part.Samples).Any(sample => sample.Id == Killer))
            await context.Publish(new ShardFailed(message.Job, message.Shard, message.Attempt, "worker-1", FaultClass.Crash, "mask", "signal 11"));
        else
            await Room.CompleteAsync(room, context);
    }
}
