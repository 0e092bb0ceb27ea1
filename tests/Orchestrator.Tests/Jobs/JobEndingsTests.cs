using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Jobs;

public sealed class JobEndingsTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_does_not_end_while_somebody_opens_one_of_its_shards_again()
    {
        await using var room = await Room.OpenAsync(ledgers, dispatching: false);
        await room.PlanAsync(TestJobs.Spec(samples: 4, perShard: 4));
        await room.Get<ShardIngest>().IngestAsync(await room.StoreResultAsync((await room.ClaimAsync()).Single()), Token);

        // As a retry does: the job is locked until the open shard can be seen.
        await using var ledger = await room.Get<IDbContextFactory<LedgerContext>>().CreateDbContextAsync(Token);
        await using var reopening = await ledger.Database.BeginTransactionAsync(Token);
        await ledger.Database.ExecuteSqlAsync($"SELECT FROM jobs WHERE id = {room.Job} FOR NO KEY UPDATE", Token);
        await ledger.Shards.ExecuteUpdateAsync(
            row => row
                .SetProperty(r => r.State, ShardState.Waiting)
                .SetProperty(r => r.Result, (string?)null)
                .SetProperty(r => r.ResultSha256, (string?)null)
                .SetProperty(r => r.DoneAt, (DateTimeOffset?)null),
            Token);
        var settling = room.Get<JobEndings>().SettleAsync(Token);
        await Eventually.Get(
            "the ending to wait for the lock",
            () => room.QueryAsync(other => other.Database.SqlQuery<long>($"SELECT count(*) AS \"Value\" FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").SingleAsync(Token)),
            waiting => waiting == 1);
        await reopening.CommitAsync(Token);
        await settling;

        (await room.QueryAsync(other => other.Jobs.Select(job => job.State).SingleAsync(Token))).ShouldBe(JobState.Running);
    }
}
