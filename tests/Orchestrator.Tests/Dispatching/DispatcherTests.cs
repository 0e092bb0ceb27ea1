using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Dispatching;

public sealed class DispatcherTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_shard_is_sent_once_in_order_and_the_job_ends_done()
    {
        var sent = new ConcurrentQueue<ProcessShard>();
        await using var room = await Room.OpenAsync(
            ledgers,
            async (self, context) =>
            {
                sent.Enqueue(context.Message);
                await Room.CompleteAsync(self, context);
            },
            options => options.Window = 1);

        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 4));
        var progress = await room.EndOfJobAsync();

        progress.State.ShouldBe(JobState.Done);
        progress.SamplesDone.ShouldBe(10);
        progress.Variants.ShouldAllBe(variant => variant.Done == 30 && variant.Total == 30 && variant.Failures == 0);
        sent.Select(message => (message.Shard, message.Attempt)).ShouldBe([(0, 1), (1, 1), (2, 1)]);
    }

    [Fact]
    public async Task No_more_shards_are_in_flight_than_the_window_holds()
    {
        using var gate = new SemaphoreSlim(0);
        await using var room = await Room.OpenAsync(
            ledgers,
            async (self, context) =>
            {
                await gate.WaitAsync(context.CancellationToken);
                await Room.CompleteAsync(self, context);
            },
            options => options.Window = 2);
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 2));

        for (var done = 0; done < 5; done++)
        {
            var expected = Math.Min(2, 5 - done);
            var inFlight = await Eventually.Get(
                $"{expected} shards in flight after {done} are done",
                () => room.QueryAsync(async ledger => (
                    Sent: await ledger.Shards.CountAsync(shard => shard.State == ShardState.Sent, Token),
                    Done: await ledger.Shards.CountAsync(shard => shard.State == ShardState.Done, Token))),
                counts => counts.Done == done && counts.Sent == expected);
            inFlight.Sent.ShouldBe(expected);
            gate.Release();
        }

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
    }

    [Fact]
    public async Task An_attempt_is_in_the_ledger_before_its_worker_sees_it()
    {
        var seen = new ConcurrentQueue<AttemptState?>();
        await using var room = await Room.OpenAsync(ledgers, async (self, context) =>
        {
            var message = context.Message;
            seen.Enqueue(await self.QueryAsync(ledger => ledger.Attempts
                .Where(row => row.Job == message.Job && row.Shard == message.Shard && row.Attempt == message.Attempt)
                .Select(row => (AttemptState?)row.State).SingleOrDefaultAsync(Token)));
            await Room.CompleteAsync(self, context);
        });

        await room.PlanAsync(TestJobs.Spec());
        await room.EndOfJobAsync();

        seen.ShouldAllBe(state => state == AttemptState.Sent);
        seen.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_transient_fault_is_tried_again_and_leaves_no_trace_in_the_numbers()
    {
        await using var room = await Room.OpenAsync(ledgers, (self, context) =>
            context.Message is { Shard: 1, Attempt: < 3 } ? FailAsync(context, FaultClass.Transient) : Room.CompleteAsync(self, context));

        await room.PlanAsync(TestJobs.Spec());

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        var attempts = await room.QueryAsync(ledger => ledger.Attempts.Where(row => row.Shard == 1).OrderBy(row => row.Attempt).Select(row => row.State).ToListAsync(Token));
        attempts.ShouldBe([AttemptState.Failed, AttemptState.Failed, AttemptState.Done]);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(90);
    }

    [Fact]
    public async Task A_shard_that_fails_again_and_again_stops_the_job_with_the_reason()
    {
        await using var room = await Room.OpenAsync(
            ledgers,
            (self, context) => context.Message.Shard == 1 ? FailAsync(context, FaultClass.Transient) : Room.CompleteAsync(self, context),
            options => options.Tries = 3);

        await room.PlanAsync(TestJobs.Spec());
        var progress = await room.EndOfJobAsync();

        progress.State.ShouldBe(JobState.Stopped);
        progress.Reason.ShouldNotBeNull().ShouldContain("shard 1 failed 3 times, at last in stage language on worker-1: the share is away");
    }

    [Fact]
    public async Task An_outage_of_storage_stops_no_job_before_its_time()
    {
        await using var room = await Room.OpenAsync(
            ledgers,
            (self, context) => context.Message.Attempt <= 6 ? FailAsync(context, FaultClass.Transient, "store") : Room.CompleteAsync(self, context),
            options => (options.Tries, options.LongestBackOff) = (3, TimeSpan.FromMilliseconds(20)));
        await using var impatient = await Room.OpenAsync(
            ledgers, (_, context) => FailAsync(context, FaultClass.Transient, "store"), options => (options.Tries, options.GiveUpAfter) = (3, TimeSpan.Zero));

        await room.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));
        await impatient.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        (await impatient.EndOfJobAsync()).Reason.ShouldNotBeNull().ShouldContain("failed 3 times, at last in stage store");
    }

    [Fact]
    public async Task A_shard_that_a_worker_cannot_run_waits_without_a_fault_and_keeps_the_reason()
    {
        await using var room = await Room.OpenAsync(ledgers, (_, context) => FailAsync(context, FaultClass.Refused), options => options.Tries = 1);
        await room.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));

        var attempt = await Eventually.Get(
            "a refusal", () => room.QueryAsync(ledger => ledger.Attempts.AsNoTracking().SingleOrDefaultAsync(row => row.Fault == FaultClass.Refused, Token)), row => row is not null);

        (attempt!.State, attempt.Reason).ShouldBe((AttemptState.Released, "the share is away"));
        var shard = await room.QueryAsync(ledger => ledger.Shards.SingleAsync(Token));
        (shard.State, shard.Faults, shard.Crashes, shard.Losses).ShouldBe((ShardState.Waiting, 0, 0, 0));
        shard.NotBefore.ShouldBeGreaterThan(attempt.EndedAt!.Value + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_shard_poisoned_for_good_stops_the_job_at_once()
    {
        await using var room = await Room.OpenAsync(ledgers, (_, context) => FailAsync(context, FaultClass.Poison));

        await room.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Stopped);
        (await room.QueryAsync(ledger => ledger.Attempts.CountAsync(Token))).ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_handed_back_costs_no_try()
    {
        await using var room = await Room.OpenAsync(
            ledgers,
            (self, context) => context.Message.Attempt <= 5 ? FailAsync(context, FaultClass.Cancelled) : Room.CompleteAsync(self, context),
            options => options.Tries = 1);

        await room.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        (await room.QueryAsync(ledger => ledger.Shards.SingleAsync(Token))).Faults.ShouldBe(0);
    }

    [Fact]
    public async Task A_job_past_its_failure_budget_stops_tells_the_workers_and_keeps_what_is_done()
    {
        await using var room = await Room.OpenAsync(
            ledgers,
            async (self, context) => await context.Publish(await self.StoreResultAsync(context.Message, prediction => TestJobs.Failed(prediction, "broken"))),
            options => options.Window = 1);
        var told = new TaskCompletionSource<JobHalted>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = room.Get<IReceiveEndpointConnector>().ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, (_, endpoint) =>
            endpoint.Handler<JobHalted>(context =>
            {
                told.TrySetResult(context.Message);
                return Task.CompletedTask;
            }));
        await listener.Ready;

        await room.PlanAsync(TestJobs.Spec(samples: 40, perShard: 2) with { Failures = new FailureBudget { Percent = 100, Count = 20 } });
        var progress = await room.EndOfJobAsync();

        progress.State.ShouldBe(JobState.Stopped);
        progress.Reason.ShouldNotBeNull().ShouldContain("failure budget allows 20");
        (await told.Task.WaitAsync(TimeSpan.FromSeconds(20), Token)).Job.ShouldBe(room.Job);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBeGreaterThanOrEqualTo(21);
        (await room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.State == ShardState.Done, Token))).ShouldBeLessThan(20);
    }

    [Theory]
    [InlineData(5, null, 1000, 50)]
    [InlineData(0, null, 1000, 0)]
    [InlineData(100, 3L, 1000, 3)]
    [InlineData(0.1, null, 999, 0)]
    [InlineData(7, null, 100, 7)]
    public void Both_limits_of_a_failure_budget_hold(double percent, long? count, long predictions, long borne) =>
        PlanSession.FailuresBorne(new FailureBudget { Percent = percent, Count = count }, predictions).ShouldBe(borne);

    private static Task FailAsync(ConsumeContext<ProcessShard> context, FaultClass fault, string stage = "language") => context.Publish(
        new ShardFailed(context.Message.Job, context.Message.Shard, context.Message.Attempt, "worker-1", fault, stage, "the share is away"));
}
