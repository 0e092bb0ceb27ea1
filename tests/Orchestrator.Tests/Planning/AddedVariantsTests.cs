using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Jobs;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Planning;

public sealed class AddedVariantsTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variants_added_to_a_finished_job_give_the_report_of_all_of_them_run_at_once()
    {
        await using var grown = await Room.OpenAsync(ledgers, CompleteAsync);
        await using var whole = await Room.OpenAsync(ledgers, CompleteAsync);
        var spec = Bearing(TestJobs.Spec(samples: 10, perShard: 4));
        await grown.PlanAsync(spec with { Variants = [.. spec.Variants.Take(2)] });
        await grown.EndOfJobAsync();
        var before = await grown.QueryAsync(ledger => ledger.Shards.Select(shard => shard.DoneAt).ToListAsync(Token));

        await grown.Get<JobControl>().AddVariantsAsync(grown.Job, [spec.Variants[2]], Token);
        await DoneAsync(grown, 6);
        await whole.PlanAsync(spec);
        await whole.EndOfJobAsync();

        var report = await ReportAsync(grown);
        var expected = await ReportAsync(whole);
        (report.Final, report.Samples, report.Digest, report.Fingerprint).ShouldBe((true, 10, expected.Digest, expected.Fingerprint));
        report.Failures.ShouldBe(expected.Failures);
        for (var variant = 0; variant < 3; variant++)
        {
            var (found, wanted) = (report.Variants[variant], expected.Variants[variant]);
            (found.Name, found.Giou, found.Ciou, found.GiouInterval, found.Predictions, found.Failures, found.Digest)
                .ShouldBe((wanted.Name, wanted.Giou, wanted.Ciou, wanted.GiouInterval, wanted.Predictions, wanted.Failures, wanted.Digest));
            found.DifferenceToNone.ShouldBe(wanted.DifferenceToNone);
            found.DifferenceToBest.ShouldBe(wanted.DifferenceToBest);
        }

        report.Variants[2].DifferenceToNone.ShouldNotBeNull();
        (await grown.QueryAsync(ledger => ledger.Shards.Where(shard => shard.FirstVariant == 0).Select(shard => shard.DoneAt).ToListAsync(Token)))
            .ShouldBe(before, ignoreOrder: true, "what was done is not done again");
    }

    [Fact]
    public async Task A_report_says_that_added_variants_are_not_through()
    {
        await using var room = await Room.OpenAsync(ledgers, async (self, context) =>
        {
            if (context.Message is not { Part.FirstVariant: 2, Shard: 5 })
                await CompleteAsync(self, context);
        });
        var spec = Bearing(TestJobs.Spec(samples: 10, perShard: 4));
        await room.PlanAsync(spec with { Variants = [.. spec.Variants.Take(2)] });
        await room.EndOfJobAsync();

        await room.Get<JobControl>().AddVariantsAsync(room.Job, [spec.Variants[2]], Token);
        await DoneAsync(room, 5);

        var report = await ReportAsync(room);
        (report.Final, report.Samples, report.Variants[0].Samples, report.Variants[2].Samples).ShouldBe((false, 8, 10, 8));
        report.Variants[1].DifferenceToNone.ShouldNotBeNull();
        report.Variants[2].DifferenceToNone.ShouldBeNull();
    }

    [Fact]
    public async Task A_retry_of_the_reference_measures_what_was_paired_with_it_anew()
    {
        var mended = false;
        await using var room = await Room.OpenAsync(ledgers, async (self, context) => await context.Publish(await self.StoreResultAsync(
            context.Message, prediction => !Volatile.Read(ref mended) && prediction is { Sample: "scene-0000001", Variant: 0 } ? TestJobs.Failed(prediction, "broken") : prediction)));
        await using var whole = await Room.OpenAsync(ledgers);
        var spec = Bearing(TestJobs.Spec(samples: 10, perShard: 4));
        await room.PlanAsync(spec with { Variants = [.. spec.Variants.Take(2)] });
        await room.EndOfJobAsync();
        await room.Get<JobControl>().AddVariantsAsync(room.Job, [spec.Variants[2]], Token);
        await DoneAsync(room, 6);

        Volatile.Write(ref mended, true);
        (await room.Get<JobControl>().RetryAsync(room.Job, Token)).Shards.ShouldBe(2);

        await DoneAsync(room, 6);
        await whole.PlanAsync(spec);
        await whole.EndOfJobAsync();
        var (report, expected) = (await ReportAsync(room), await ReportAsync(whole));
        (report.Final, report.Failures).ShouldBe((true, 0));
        report.Variants.Select(variant => variant.DifferenceToNone).ShouldBe(expected.Variants.Select(variant => variant.DifferenceToNone));
    }

    [Fact]
    public async Task A_variant_that_is_there_already_and_a_late_none_are_refused()
    {
        await using var room = await Room.OpenAsync(ledgers);
        var spec = TestJobs.Spec();
        await room.PlanAsync(spec with { Variants = [.. spec.Variants.Skip(1)] });
        await room.EndOfJobAsync();
        var control = room.Get<JobControl>();

        (await Should.ThrowAsync<InvalidDataException>(() => control.AddVariantsAsync(room.Job, [spec.Variants[1]], Token)))
            .Message.ShouldBe("variants[0]: 'fastv:layer=2,keep=0.5' is in the job already; its results are there.");
        (await Should.ThrowAsync<InvalidDataException>(() => control.AddVariantsAsync(room.Job, [Another(), spec.Variants[0]], Token))).Message.ShouldStartWith("variants[1]: 'none'");
        await Should.ThrowAsync<InvalidDataException>(() => control.AddVariantsAsync(room.Job, [], Token));
        (await room.QueryAsync(ledger => ledger.Variants.CountAsync(Token))).ShouldBe(2);
    }

    private static VariantSpec Another() => new("random:keep=0.1", "random", new Dictionary<string, JsonNode> { ["keep"] = 0.1 }, new string('9', 64));

    private static JobSpec Bearing(JobSpec spec) => spec with { Failures = new() { Percent = 100 } };

    /// <summary>Two samples fail, one in the reference and one in an added variant, so that not all is paired.</summary>
    private static async Task CompleteAsync(Room room, MassTransit.ConsumeContext<Contracts.Messages.ProcessShard> context) => await context.Publish(await room.StoreResultAsync(
        context.Message,
        prediction => prediction is { Sample: "scene-0000002", Variant: 0 } or { Sample: "scene-0000006", Variant: 2 } ? TestJobs.Failed(prediction, "broken") : prediction));

    private static Task<int> DoneAsync(Room room, int shards) => Eventually.Get(
        $"{shards} shards done", () => room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.State == ShardState.Done, Token)), count => count == shards);

    private static async Task<Report> ReportAsync(Room room) => (await room.Get<ReportPublisher>().PublishAsync(room.Job, Token)).Report;
}
