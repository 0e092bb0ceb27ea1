using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Tests.Servers;

namespace Pipeline.Orchestrator.Tests.Hosting;

public sealed class DispatchOverRabbitMqTests(LedgerFixture ledgers, Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_waits_for_workers_and_loses_no_shard_before_they_come()
    {
        // A queue of this test's own: the broker keeps those of the others.
        const string queue = "nobody-there";
        await using var room = await Room.OpenAsync(ledgers, configure: options => options.Queue = queue, broker: broker.Uri);
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 2));
        (await room.QueryAsync(ledger => ledger.Attempts.CountAsync(Token))).ShouldBe(0);
        await room.AnnounceWorkerAsync(queue);
        await Eventually.Get(
            "a shard that no queue took",
            () => room.QueryAsync(ledger => ledger.Attempts.Where(attempt => attempt.State == AttemptState.Released).Select(attempt => attempt.Reason).FirstOrDefaultAsync(Token)),
            reason => reason is not null);

        await room.ConnectWorkerAsync(queue);

        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        (await room.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(90);
        (await room.QueryAsync(ledger => ledger.Shards.SumAsync(shard => shard.Faults, Token))).ShouldBe(0);
    }

    [Fact]
    public async Task Two_orchestrators_on_one_ledger_send_each_shard_once()
    {
        await using var first = await Room.OpenAsync(ledgers, broker: broker.Uri);
        await using var second = await Room.OpenAsync(ledgers, broker: broker.Uri, beside: first);
        await first.ConnectWorkerAsync();
        await second.ConnectWorkerAsync();

        await first.PlanAsync(TestJobs.Spec(samples: 60, perShard: 2));
        (await second.EndOfJobAsync()).State.ShouldBe(JobState.Done);

        var attempts = await first.QueryAsync(ledger => ledger.Attempts.Select(attempt => new { attempt.Shard, attempt.Attempt, attempt.State }).ToListAsync(Token));
        attempts.Where(attempt => attempt.State == AttemptState.Done).Select(attempt => attempt.Shard).Order().ShouldBe(Enumerable.Range(0, 30));
        attempts.ShouldAllBe(attempt => attempt.Attempt == 1);
        (await first.QueryAsync(ledger => ledger.Predictions.CountAsync(Token))).ShouldBe(540);
    }
}
