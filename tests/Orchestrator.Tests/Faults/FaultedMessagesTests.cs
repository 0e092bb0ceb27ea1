using System.Net.Sockets;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Faults;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Faults;

public sealed class FaultedMessagesTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_cannot_be_handled_is_listed_with_its_job_until_a_retry()
    {
        await using var room = await Room.OpenAsync(ledgers);
        await room.PlanAsync(TestJobs.Spec());
        await room.EndOfJobAsync();

        // Its result has a name that no artifact store accepts.
        await room.Get<IBus>().Publish(new ShardCompleted(room.Job, 1, 1, "worker-1", new("../outside", new string('0', 64), 1)), Token);
        await room.Get<IBus>().Publish(new MessageFaulted("shards", room.Job, 2, "{}", "not a message"), Token);
        await ReopenAsync(room);
        await room.Get<IBus>().Publish(new ShardCompleted(room.Job, 1, 1, "worker-1", new("../outside", new string('0', 64), 1)), Token);

        var faults = await Eventually.Get(
            "two faulted messages",
            async () => (await room.Get<JobFaults>().ListAsync(room.Job, Token)).Where(fault => fault.Kind == FaultKind.FaultedMessage).OrderBy(fault => fault.Shard).ToList(),
            list => list.Count == 2);
        faults.Select(fault => (fault.Shard, fault.Stage)).ShouldBe([(1, "shard-completed"), (2, "shards")]);
        faults[0].Reason.ShouldNotBeNull().ShouldContain("'../outside' is no artifact name");
        await room.Get<JobControl>().RetryAsync(room.Job, Token);
        (await room.QueryAsync(ledger => ledger.Faults.CountAsync(Token))).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_away_is_waited_for_and_anything_else_is_not()
    {
        var patience = new Patience(TimeProvider.System, NullLogger<Patience>.Instance);
        var calls = 0;

        await patience.WaitOutAsync(_ => ++calls < 4 ? throw new NpgsqlException("away", new SocketException()) : Task.CompletedTask, Token);

        calls.ShouldBe(4);
        await Should.ThrowAsync<InvalidOperationException>(() => patience.WaitOutAsync(_ => throw new InvalidOperationException("wrong"), Token));
        using var going = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => patience.WaitOutAsync(
            _ =>
            {
                going.Cancel();
                throw new IOException("away");
            },
            going.Token));
    }

    /// <summary>So that the announced result is looked at.</summary>
    private static async Task ReopenAsync(Room room)
    {
        await room.QueryAsync(ledger => ledger.Database.ExecuteSqlAsync($"UPDATE jobs SET state = 'running', paused = true", Token));
        await room.QueryAsync(ledger => ledger.Database.ExecuteSqlAsync(
            $"UPDATE shards SET state = 'waiting', result = NULL, result_sha256 = NULL WHERE index = 1", Token));
    }
}
