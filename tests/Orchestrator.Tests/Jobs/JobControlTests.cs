using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Jobs;

public sealed class JobControlTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_job_submitted_twice_is_one_job_and_another_under_its_id_is_refused()
    {
        await using var room = await Room.OpenAsync(ledgers, dispatching: false);
        var control = room.Get<JobControl>();

        await control.SubmitAsync(room.Job, TestJobs.Spec(), TestJobs.Model, new SubmitOptions(), Token);
        await control.SubmitAsync(room.Job, TestJobs.Spec(), TestJobs.Model, new SubmitOptions(), Token);

        (await room.QueryAsync(ledger => ledger.Jobs.CountAsync(Token))).ShouldBe(1);
        await Should.ThrowAsync<JobStateException>(() => control.SubmitAsync(room.Job, TestJobs.Spec(samples: 11), TestJobs.Model, new SubmitOptions(), Token));
    }

    [Fact]
    public async Task What_an_interrupted_planner_left_behind_is_planned_anew()
    {
        await using var room = await Room.OpenAsync(ledgers, dispatching: false);
        var spec = TestJobs.Spec(samples: 10, perShard: 4);
        await room.Get<JobControl>().SubmitAsync(room.Job, spec, TestJobs.Model, new SubmitOptions(), Token);
        await using (var dying = (await PlanSession.OpenAsync(room.Get<IDbContextFactory<LedgerContext>>(), room.Job, TimeProvider.System, Token)).ShouldNotBeNull())
        {
            await dying.AddShardsAsync([new PlannedShard(0, 0, 9, 9, new("jobs/x", new string('0', 64), 1))], Token);
            (await room.Get<JobPlanner>().PlanAsync(room.Job, Token)).ShouldBeNull("somebody else plans it");
        }

        (await room.Get<JobPlanner>().PlanAsync(room.Job, Token)).ShouldNotBeNull();

        var shards = await room.QueryAsync(ledger => ledger.Shards.OrderBy(shard => shard.Index).Select(shard => shard.Samples).ToListAsync(Token));
        shards.ShouldBe([4, 4, 2]);
    }

    [Fact]
    public async Task A_paused_job_hands_nothing_out_tells_the_workers_and_goes_on_when_resumed()
    {
        await using var room = await Room.OpenAsync(
            ledgers,
            async (self, context) =>
            {
                if (context.Message.Epoch > 0)
                    await Room.CompleteAsync(self, context);
            },
            options => options.Window = 2);
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 2));
        await Eventually.Get("two shards in flight", () => InFlightAsync(room), count => count == 2);

        await room.Get<JobControl>().PauseAsync(room.Job, Token);

        (await InFlightAsync(room)).ShouldBe(0);
        (await room.QueryAsync(ledger => ledger.Attempts.Select(attempt => attempt.State).ToListAsync(Token))).ShouldAllBe(state => state == AttemptState.Released);
        await room.Get<JobControl>().ResumeAsync(room.Job, Token);
        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(90);
    }

    [Fact]
    public async Task A_cancelled_job_keeps_what_is_done_and_a_retry_does_the_rest()
    {
        var cancelled = false;
        await using var room = await Room.OpenAsync(
            ledgers,
            async (self, context) =>
            {
                if (context.Message.Shard < 2 || Volatile.Read(ref cancelled))
                    await Room.CompleteAsync(self, context);
            });
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 2));
        await Eventually.Get("two shards done", () => DoneAsync(room), count => count == 2);

        await room.Get<JobControl>().CancelAsync(room.Job, "enough", Token);

        var ended = await room.EndOfJobAsync();
        (ended.State, ended.Reason, await DoneAsync(room)).ShouldBe((JobState.Cancelled, "enough", 2));
        Volatile.Write(ref cancelled, true);
        (await room.Get<JobControl>().RetryAsync(room.Job, Token)).Shards.ShouldBe(3);
        await Eventually.Get("the end of the retry", () => DoneAsync(room), count => count == 5);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(90);
    }

    [Fact]
    public async Task A_retry_measures_failed_predictions_anew_and_nothing_else()
    {
        var broken = true;
        await using var room = await Room.OpenAsync(ledgers, async (self, context) => await context.Publish(await self.StoreResultAsync(
            context.Message,
            prediction => Volatile.Read(ref broken) && prediction is { Sample: "scene-0000002", Variant: 1 } ? TestJobs.Failed(prediction, "broken") : prediction)));
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 2) with { Failures = new() { Percent = 100 } });
        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        var faults = await room.Get<JobFaults>().ListAsync(room.Job, Token);
        faults.Select(fault => (fault.Kind, fault.Sample, fault.Variant, fault.Reason)).Distinct()
            .ShouldBe([(FaultKind.FailedPrediction, "scene-0000002", "fastv:layer=2,keep=0.5", "broken")]);

        Volatile.Write(ref broken, false);
        (await room.Get<JobControl>().RetryAsync(room.Job, Token)).Shards.ShouldBe(1);

        await Eventually.Get("all shards done", () => DoneAsync(room), count => count == 5);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(prediction => prediction.Fault == null, Token))).ShouldBe(90);
        (await room.QueryAsync(ledger => ledger.Shards.OrderBy(shard => shard.Index).Select(shard => shard.Attempt).ToListAsync(Token))).ShouldBe([1, 2, 1, 1, 1]);
        (await room.Get<JobFaults>().ListAsync(room.Job, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_job_leaves_neither_rows_nor_artifacts()
    {
        var running = new TaskCompletionSource();
        await using var room = await Room.OpenAsync(ledgers, async (self, context) =>
        {
            await running.Task.WaitAsync(context.CancellationToken);
            await Room.CompleteAsync(self, context);
        });
        await room.PlanAsync(TestJobs.Spec());
        (await Should.ThrowAsync<JobStateException>(() => room.Get<JobControl>().DeleteAsync(room.Job, Token))).Message.ShouldContain("cancel it first");
        running.SetResult();
        await room.EndOfJobAsync();

        await room.Get<JobControl>().DeleteAsync(room.Job, Token);

        await Eventually.Get("the job's removal", () => room.QueryAsync(ledger => ledger.Jobs.CountAsync(Token)), count => count == 0);
        (await room.Artifacts.ListAsync("jobs", Token).CountAsync(Token)).ShouldBe(0);
        (await room.QueryAsync(ledger => ledger.Database.SqlQuery<bool>($"SELECT to_regclass({$"predictions_{room.Job:N}"}) IS NULL AS \"Value\"").SingleAsync(Token))).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_job_cannot_do_in_its_state_is_refused_with_what_would_be_right()
    {
        await using var room = await Room.OpenAsync(ledgers);
        var control = room.Get<JobControl>();
        await Should.ThrowAsync<KeyNotFoundException>(() => control.PauseAsync(Guid.NewGuid(), Token));
        await Should.ThrowAsync<KeyNotFoundException>(() => control.RetryAsync(Guid.NewGuid(), Token));
        await room.PlanAsync(TestJobs.Spec());
        await room.EndOfJobAsync();

        foreach (var action in (Func<Task>[])[
            () => control.PauseAsync(room.Job, Token), () => control.ResumeAsync(room.Job, Token), () => control.CancelAsync(room.Job, "late", Token)])
        {
            (await Should.ThrowAsync<JobStateException>(action)).Message.ShouldStartWith($"Job {room.Job} is done; only a job");
        }

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => control.SetPriorityAsync(room.Job, 101, Token));
    }

    private static Task<int> InFlightAsync(Room room) => room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.State == ShardState.Sent, Token));

    private static Task<int> DoneAsync(Room room) => room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.State == ShardState.Done, Token));
}
