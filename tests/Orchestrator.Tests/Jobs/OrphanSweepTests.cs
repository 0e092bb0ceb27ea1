using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Jobs;

public sealed class OrphanSweepTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_that_nothing_refers_to_go_when_the_job_has_ended_and_they_are_old_enough()
    {
        await using var room = await Room.OpenAsync(ledgers, dispatching: false);
        await room.PlanAsync(TestJobs.Spec(samples: 3, perShard: 3));
        var first = (await room.ClaimAsync()).Single();
        await room.Get<ShardQueue>().ReleaseAsync(first.Job, first.Shard, first.Attempt, "thought dead", Token);
        var second = (await room.ClaimAsync()).Single();
        var (orphan, counted) = (await room.StoreResultAsync(first), await room.StoreResultAsync(second));
        await room.Get<ShardIngest>().IngestAsync(counted, Token);
        (await SweepAsync(room, TimeSpan.Zero)).ShouldBe(0, "the job runs");
        await room.Get<JobEndings>().SettleAsync(Token);

        (await SweepAsync(room, TimeSpan.FromHours(1))).ShouldBe(0, "the job has just ended");
        (await NamesAsync(room)).ShouldBe([orphan.Result.Name, counted.Result.Name], ignoreOrder: true);

        (await SweepAsync(room, TimeSpan.Zero)).ShouldBe(1);
        (await NamesAsync(room)).ShouldBe([counted.Result.Name]);
        (await room.QueryAsync(ledger => ledger.Jobs.SingleAsync(Token))).SealedAt.ShouldNotBeNull();
        (await SweepAsync(room, TimeSpan.Zero)).ShouldBe(0, "a sealed job is not looked at again");
    }

    private static Task<int> SweepAsync(Room room, TimeSpan grace)
    {
        room.Get<IOptions<SweepOptions>>().Value.Grace = grace;
        return room.Get<OrphanSweep>().SweepAsync(Token);
    }

    private static async Task<List<string>> NamesAsync(Room room) =>
        await room.Artifacts.ListAsync(ArtifactNames.Results(room.Job), Token).Select(artifact => artifact.Name).ToListAsync(Token);
}
