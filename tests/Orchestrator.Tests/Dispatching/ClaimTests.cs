using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Dispatching;

public sealed class ClaimTests(LedgerFixture ledgers) : IAsyncLifetime
{
    private static readonly Guid Early = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Late = new("00000000-0000-0000-0000-000000000002");
    private Room room = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        room = await Room.OpenAsync(ledgers, dispatching: false);
        await room.PlanAsync(TestJobs.Spec(samples: 12, perShard: 2), Early);
        await room.PlanAsync(TestJobs.Spec(samples: 12, perShard: 2), Late);
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Jobs_of_equal_priority_share_the_window_and_the_earlier_one_begins()
    {
        (await room.ClaimAsync(3)).Select(Name).ShouldBe([(Early, 0), (Late, 0), (Early, 1)]);

        (await room.ClaimAsync(3)).Select(Name).ShouldBe([(Late, 1), (Early, 2), (Late, 2)], "what is in flight already counts");
    }

    [Fact]
    public async Task A_higher_priority_goes_first_from_the_next_shard_on()
    {
        await room.ClaimAsync(2);
        await room.Get<JobControl>().SetPriorityAsync(Late, 1, Token);

        (await room.ClaimAsync(7)).Select(Name).ShouldBe([(Late, 1), (Late, 2), (Late, 3), (Late, 4), (Late, 5), (Early, 1), (Early, 2)]);
    }

    [Fact]
    public async Task Nothing_of_a_paused_job_is_handed_out()
    {
        await room.Get<JobControl>().PauseAsync(Early, Token);

        (await room.ClaimAsync(100)).ShouldAllBe(message => message.Job == Late);

        await room.Get<JobControl>().ResumeAsync(Early, Token);
        (await room.ClaimAsync(100)).ShouldAllBe(message => message.Job == Early && message.Epoch == 1);
    }

    [Fact]
    public async Task The_window_follows_the_slots_of_the_workers_that_are_there()
    {
        (await room.ClaimAsync(100, slots: 2)).Count.ShouldBe(4);
        (await room.ClaimAsync(100, slots: 2)).ShouldBeEmpty();
        (await room.ClaimAsync(100, slots: 3)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_goes_to_the_queue_of_its_model_while_a_worker_is_there_for_it_and_else_to_the_general_one()
    {
        var model = WorkQueues.Of("shards", TestJobs.Model.WeightsHash);

        (await room.ClaimAsync(2, "shards", 32, model)).ShouldBeEmpty();
        (await room.ClaimAsync(2, model, 32, "shards")).Count.ShouldBe(2);
        (await room.ClaimAsync(2)).Count.ShouldBe(2);

        (await room.QueryAsync(ledger => ledger.Shards.Where(shard => shard.State == ShardState.Sent).Select(shard => shard.Queue).ToListAsync(Token)))
            .Order().ShouldBe(["shards", "shards", model, model]);
    }

    [Fact]
    public async Task Many_choosers_at_once_neither_overshoot_the_window_nor_choose_a_shard_twice()
    {
        var chosen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => room.ClaimAsync(100, slots: 2)));

        chosen.SelectMany(messages => messages).Select(Name).ShouldBeUnique();
        chosen.Sum(messages => messages.Count).ShouldBe(4);
    }

    private static (Guid, int) Name(ProcessShard message) => (message.Job, message.Shard);
}
