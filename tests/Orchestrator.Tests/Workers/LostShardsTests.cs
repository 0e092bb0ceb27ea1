using MassTransit;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Orchestrator.Workers;

namespace Pipeline.Orchestrator.Tests.Workers;

public sealed class LostShardsTests(LedgerFixture ledgers) : IAsyncLifetime
{
    private Room room = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LostShards Lost => room.Get<LostShards>();

    public async ValueTask InitializeAsync()
    {
        room = await Room.OpenAsync(ledgers, dispatching: false);
        await room.PlanAsync(TestJobs.Spec(samples: 8, perShard: 2));
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task A_shard_whose_worker_gives_no_sign_of_life_for_a_lease_gets_a_new_attempt()
    {
        var (dead, alive) = await ClaimTwoAsync();
        await SeenAsync(dead);
        await SeenAsync(alive);
        await PassAsync(dead.Shard, TimeSpan.FromMinutes(2));

        (await Lost.TakeFromVanishedAsync(Token)).ShouldBe(1);

        var shard = await ShardAsync(dead.Shard);
        (shard.State, shard.Losses, shard.Worker).ShouldBe((ShardState.Waiting, 1, null));
        (await ShardAsync(alive.Shard)).State.ShouldBe(ShardState.Sent);
        var attempt = await room.QueryAsync(ledger => ledger.Attempts.SingleAsync(row => row.Shard == dead.Shard, Token));
        (attempt.State, attempt.Worker, attempt.Reason).ShouldBe((AttemptState.Lost, "worker-1", "no sign of life for 60 s"));
        (await room.ClaimAsync()).Single().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_frozen_worker_that_wakes_after_its_lease_is_told_to_drop_its_attempt()
    {
        var revoked = new TaskCompletionSource<AttemptRevoked>(TaskCreationOptions.RunContinuationsAsynchronously);
        await room.Get<IReceiveEndpointConnector>().ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, (_, endpoint) =>
            endpoint.Handler<AttemptRevoked>(context =>
            {
                revoked.TrySetResult(context.Message);
                return Task.CompletedTask;
            })).Ready;
        var frozen = (await room.ClaimAsync()).Single();
        await SeenAsync(frozen);
        await PassAsync(frozen.Shard, TimeSpan.FromMinutes(2));
        await Lost.TakeFromVanishedAsync(Token);

        await room.Get<IBus>().Publish(new ShardProgress(frozen.Job, frozen.Shard, frozen.Attempt, "worker-1", 1), Token);

        (await revoked.Task.WaitAsync(TimeSpan.FromSeconds(30), Token)).ShouldBe(new AttemptRevoked(frozen.Job, frozen.Shard, 1));
    }

    [Fact]
    public async Task A_shard_that_is_neither_in_its_queue_nor_with_a_worker_is_sent_again_without_a_fault()
    {
        await HereAsync();
        var (oldest, other) = await ClaimTwoAsync();
        await PassAsync(oldest.Shard, TimeSpan.FromMinutes(3));
        await PassAsync(other.Shard, TimeSpan.FromMinutes(2));
        var depth = new FixedDepth(1);

        (await Lost.TakeFromBrokerAsync(depth, Token)).ShouldBe(0, "a first look may come between the queue and the worker's first sign of life");
        (await Lost.TakeFromBrokerAsync(depth, Token)).ShouldBe(1);

        var shard = await ShardAsync(oldest.Shard);
        (shard.State, shard.Losses, shard.Faults).ShouldBe((ShardState.Waiting, 0, 0));
        (await ShardAsync(other.Shard)).State.ShouldBe(ShardState.Sent);
        (await room.QueryAsync(ledger => ledger.Attempts.SingleAsync(row => row.Shard == oldest.Shard, Token))).Reason.ShouldBe("lost by the broker");
    }

    [Fact]
    public async Task A_shard_that_a_worker_takes_between_two_looks_is_left_alone()
    {
        await HereAsync();
        var message = (await room.ClaimAsync()).Single();
        await PassAsync(message.Shard, TimeSpan.FromMinutes(2));

        await Lost.TakeFromBrokerAsync(new FixedDepth(0), Token);
        await SeenAsync(message);
        (await Lost.TakeFromBrokerAsync(new FixedDepth(0), Token)).ShouldBe(0);

        (await ShardAsync(message.Shard)).State.ShouldBe(ShardState.Sent);
    }

    [Fact]
    public async Task Shards_in_a_queue_that_no_worker_takes_from_any_more_wait_in_the_ledger()
    {
        var gone = Guid.NewGuid();
        var message = (await room.ClaimAsync()).Single();
        await room.QueryAsync(ledger => ledger.Workers.ExecuteDeleteAsync(Token));
        await room.Get<WorkerPresence>().NoteAsync(Seen(gone, leaving: false), Token);
        await PassAsync(message.Shard, TimeSpan.FromMinutes(2));
        (await Lost.TakeFromBrokerAsync(new FixedDepth(1), Token)).ShouldBe(0);

        await room.Get<WorkerPresence>().NoteAsync(Seen(gone, leaving: true), Token);

        (await Lost.TakeFromBrokerAsync(new FixedDepth(1), Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_left_stays_gone_whatever_arrives_late()
    {
        var instance = Guid.NewGuid();
        var workers = room.Get<WorkerPresence>();
        await room.QueryAsync(ledger => ledger.Workers.ExecuteDeleteAsync(Token));

        await workers.NoteAsync(Seen(instance, leaving: true), Token);
        await workers.NoteAsync(Seen(instance, leaving: false), Token);

        (await workers.LiveAsync(Token)).Names.ShouldBeEmpty();
    }

    private static WorkerSeen Seen(Guid instance, bool leaving) => new("worker-1", instance, ["shards"], 1, "0.1.0", "cpu", leaving);

    private Task<bool> HereAsync() => room.Get<WorkerPresence>().NoteAsync(Seen(Guid.NewGuid(), leaving: false), Token);

    private async Task<(ProcessShard, ProcessShard)> ClaimTwoAsync()
    {
        var claimed = await room.ClaimAsync(2);
        return (claimed[0], claimed[1]);
    }

    private Task<bool> SeenAsync(ProcessShard message) =>
        room.Get<ShardQueue>().RenewAsync(new ShardProgress(message.Job, message.Shard, message.Attempt, "worker-1", 0), Token);

    /// <summary>Lets time pass for one shard.</summary>
    private Task<int> PassAsync(int shard, TimeSpan by) => room.QueryAsync(ledger => ledger.Database.ExecuteSqlAsync(
        $"UPDATE shards SET lease_until = lease_until - {by}, sent_at = sent_at - {by} WHERE index = {shard}", Token));

    private Task<ShardRow> ShardAsync(int index) => room.QueryAsync(ledger => ledger.Shards.AsNoTracking().SingleAsync(row => row.Index == index, Token));

    private sealed class FixedDepth(long ready) : IQueueDepth
    {
        public Task<long> ReadyAsync(string queue, CancellationToken token) => Task.FromResult(ready);
    }
}
