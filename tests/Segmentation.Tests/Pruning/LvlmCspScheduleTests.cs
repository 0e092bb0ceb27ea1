using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class LvlmCspScheduleTests
{
    private static readonly ModelShape Lisa7B = AltpSpecTests.Lisa7B;

    /// <summary>Schedules worked out by hand for N = 256 and 7B; TFLOPs of the visual tokens in PyramidDrop's convention, of 1.675.</summary>
    [Theory]
    [InlineData(32, 16, 24, 16, 84, 0.548, 67.3)]
    [InlineData(48, 16, 24, 8, 90, 0.587, 64.9)]
    [InlineData(64, 16, 24, 16, 100, 0.652, 61.0)]
    [InlineData(64, 14, 20, 16, 82, 0.535, 68.1)]
    [InlineData(32, 8, 16, 16, 80, 0.522, 68.8)]
    [InlineData(65, 14, 21, 16, 89.9375, 0.587, 65.0)]
    public void A_schedule_costs_what_it_costs_on_paper(int clusters, int scatterLayer, int pruneLayer, int kept, double average, double teraflops, double saved)
    {
        var options = new LvlmCspOptions { Clusters = clusters, ScatterLayer = scatterLayer, PruneLayer = pruneLayer, Count = kept };
        var schedule = Schedule.Of(new LvlmCspPruning(options).Plan(Lisa7B), Lisa7B);

        schedule.Average.ShouldBe(average);
        (FlopsConvention.PyramidDrop.Total(Lisa7B, schedule.VisualTokens, schedule.VisualTokens) / 1e12).ShouldBe(teraflops, 0.0005);
        (100 * (1 - schedule.FlopsShare(Lisa7B))).ShouldBe(saved, 0.05);
    }

    [Fact]
    public void Without_settings_it_is_the_schedule_of_68_percent() =>
        LvlmCspSchedule.Of(new LvlmCspOptions(), Lisa7B).ShouldBe(new LvlmCspSchedule(64, 14, 20, 16));

    [Fact]
    public void A_flops_share_picks_a_schedule_near_those_on_paper() =>
        LvlmCspSchedule.Of(new LvlmCspOptions { Flops = 0.35 }, Lisa7B).ShouldBe(new LvlmCspSchedule(65, 14, 21, 16));

    [Theory]
    [InlineData(32, 16, 16)]
    [InlineData(32, 24, 24)]
    [InlineData(40, 24, 24)]
    [InlineData(8, 16, 16)]
    [InlineData(4, 16, 16)]
    [InlineData(3, 5, 7)]
    public void Every_budget_within_reach_is_met_as_nearly_as_whole_tokens_permit(int layers, int height, int width)
    {
        var model = Lisa7B with { Layers = layers, GridHeight = height, GridWidth = width };
        var tokens = model.VisualTokens;
        var least = (tokens + layers - 1.0) / layers;
        for (var step = 0; step <= 40; step++)
        {
            var average = least + ((tokens - least) * step / 40);
            var byAverage = Plan(new LvlmCspOptions { Average = average });
            byAverage.Average.ShouldBe(average, 1.0, $"average {average}");
            var byFlops = Plan(new LvlmCspOptions { Flops = Math.Min(1, average / tokens + 0.01) });
            byFlops.FlopsShare(model).ShouldBe(Math.Min(1, average / tokens + 0.01), 1.5 / tokens, $"flops of average {average}");
        }

        Schedule Plan(LvlmCspOptions options)
        {
            var schedule = LvlmCspSchedule.Of(options, model);
            (schedule.ScatterLayer, schedule.PruneLayer - schedule.ScatterLayer, layers - schedule.PruneLayer).ShouldSatisfyAllConditions(
                length => length.Item1.ShouldBeGreaterThan(0),
                length => length.Item2.ShouldBeGreaterThan(0),
                length => length.Item3.ShouldBeGreaterThan(0));
            return schedule.Tokens(model);
        }
    }

    [Theory]
    [InlineData(0.0625, 64, 16)]
    [InlineData(0.25, 256, 64)]
    [InlineData(0.5, 256, 128)]
    [InlineData(1, 256, 256)]
    [InlineData(0.001, 4, 1)]
    public void A_kept_share_is_what_pruning_leaves_and_clusters_are_four_times_that(double keep, int clusters, int kept) =>
        LvlmCspSchedule.Of(new LvlmCspOptions { Keep = keep }, Lisa7B).ShouldBe(new LvlmCspSchedule(clusters, 14, 20, kept));

    [Fact]
    public void What_is_given_stays_and_the_rest_is_picked()
    {
        LvlmCspSchedule.Of(new LvlmCspOptions { Clusters = 100 }, Lisa7B).ShouldBe(new LvlmCspSchedule(100, 14, 20, 16));
        LvlmCspSchedule.Of(new LvlmCspOptions { ScatterLayer = 30 }, Lisa7B).ShouldBe(new LvlmCspSchedule(64, 30, 31, 16));
        LvlmCspSchedule.Of(new LvlmCspOptions { PruneLayer = 4 }, Lisa7B).ShouldBe(new LvlmCspSchedule(64, 1, 4, 16));
        LvlmCspSchedule.Of(new LvlmCspOptions { ScatterLayer = 2, PruneLayer = 3, Count = 7 }, Lisa7B).ShouldBe(new LvlmCspSchedule(28, 2, 3, 7));

        var withClusters = LvlmCspSchedule.Of(new LvlmCspOptions { Clusters = 32, Average = 80 }, Lisa7B);
        withClusters.Clusters.ShouldBe(32);
        withClusters.Tokens(Lisa7B).Average.ShouldBe(80, 0.5);
    }

    [Fact]
    public void Settings_without_a_schedule_are_named()
    {
        Refused(new LvlmCspOptions { ScatterLayer = 20, PruneLayer = 14 }).ShouldBe("prune_layer 14 does not come after scatter_layer 20; use 21 to 31");
        Refused(new LvlmCspOptions { ScatterLayer = 31 }).ShouldBe("scatter_layer 31 leaves no layers to scatter to and to prune in; use 1 to 30");
        Refused(new LvlmCspOptions { PruneLayer = 32 }).ShouldContain("this model's 32 layers");
        Refused(new LvlmCspOptions { Clusters = 257 }).ShouldContain("clusters 257 are more than this model's 256 visual tokens");
        Refused(new LvlmCspOptions { Regions = 257 }).ShouldContain("regions 257 are more");
        Refused(new LvlmCspOptions { Count = 257 }).ShouldContain("count 257");
        Refused(new LvlmCspOptions { Average = 5 }).ShouldStartWith("average 5 is out of reach");
        Refused(new LvlmCspOptions { Flops = 0.01 }).ShouldStartWith("flops 0.01 is out of reach");
        Should.Throw<ArgumentException>(() => new LvlmCspPruning(new LvlmCspOptions()).Plan(Lisa7B with { Layers = 2 })).Message.ShouldContain("at least 3 layers");

        static string Refused(LvlmCspOptions options) => Should.Throw<PruningSettingException>(() => new LvlmCspPruning(options).Plan(Lisa7B)).Message;
    }
}
