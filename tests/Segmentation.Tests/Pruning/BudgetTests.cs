using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class BudgetTests
{
    private static readonly ModelShape Vicuna = Shape(32, 24);

    [Theory]
    [InlineData(2, 306, 288)]
    [InlineData(2, 171, 144)]
    [InlineData(0, 58, 58)]
    [InlineData(3, 576, 576)]
    public void An_average_is_solved_for_the_tokens_kept_behind_the_layer(int layer, double average, int kept)
    {
        var options = new UniformPruningOptions { Layer = layer, Average = average };
        options.KeptFrom(layer, Vicuna).ShouldBe(kept);
    }

    [Fact]
    public void A_share_of_FLOPs_is_met_as_nearly_as_whole_tokens_can()
    {
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            var (layer, share) = (random.Next(0, 6), 0.2 + (0.8 * random.NextDouble()));
            var kept = new UniformPruningOptions { Layer = layer, Flops = share }.KeptFrom(layer, Vicuna);
            double Distance(int count) => Math.Abs(Schedule.Of(Vicuna, (layer, count)).FlopsShare(Vicuna) - share);
            Distance(kept).ShouldBeLessThanOrEqualTo(Distance(Math.Max(1, kept - 1)));
            Distance(kept).ShouldBeLessThanOrEqualTo(Distance(Math.Min(576, kept + 1)));
        }
    }

    [Fact]
    public void Shares_of_FLOPs_are_those_of_the_published_schedules()
    {
        // PyramidDrop, table 1: 2.007 T for FastV with K=2 and 288 of 576 tokens, 3.817 T for all.
        Schedule.Of(Vicuna, (2, 288)).FlopsShare(Vicuna).ShouldBe(2.007 / 3.817, 5e-4);
        new FastVOptions { Layer = 2, Flops = 2.007 / 3.817 }.KeptFrom(2, Vicuna).ShouldBe(288);
        Schedule.Of(Vicuna, (8, 288), (16, 144), (24, 72)).Average.ShouldBe(270);
    }

    [Fact]
    public void Counts_and_shares_are_met_to_the_token()
    {
        for (var count = 1; count <= 576; count++)
            new FastVOptions { Layer = 7, Count = count }.KeptFrom(7, Vicuna).ShouldBe(count);
        new FastVOptions { Layer = 2, Keep = 0.1 }.KeptFrom(2, Vicuna).ShouldBe(58);
        new FastVOptions { Layer = 2, Keep = 1e-9 }.KeptFrom(2, Vicuna).ShouldBe(1);
    }

    [Theory]
    [InlineData(8, 100, "use 144.75 to 576")]
    [InlineData(8, 600, "use 144.75 to 576")]
    [InlineData(0, 0.5, "use 1 to 576")]
    [InlineData(3, 54.9, "use 54.91 to 576")]
    public void An_average_out_of_reach_says_what_is_in_reach(int layer, double average, string reach)
    {
        var exception = Should.Throw<PruningSettingException>(() => new FastVOptions { Layer = layer, Average = average }.KeptFrom(layer, Vicuna));
        exception.Setting.ShouldBe("average");
        exception.Fault.ShouldEndWith(reach);
    }

    [Fact]
    public void The_ends_of_what_is_in_reach_can_be_asked_for()
    {
        for (var layer = 0; layer < 32; layer++)
        {
            var (least, most) = Ends(() => new FastVOptions { Layer = layer, Flops = 1e-6 }.KeptFrom(layer, Vicuna));
            new FastVOptions { Layer = layer, Flops = least }.KeptFrom(layer, Vicuna).ShouldBe(1);
            new FastVOptions { Layer = layer, Flops = most }.KeptFrom(layer, Vicuna).ShouldBe(576);
        }
    }

    [Fact]
    public void Without_a_budget_everything_stays() => new FastVOptions().KeptFrom(2, Vicuna).ShouldBe(576);

    private static (double Least, double Most) Ends(Action call)
    {
        var words = Should.Throw<PruningSettingException>(call).Fault.Split(' ');
        return (Number(words[^3]), Number(words[^1]));

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ModelShape Shape(int layers, int side) => new()
    {
        Architecture = "llama",
        Layers = layers,
        HiddenSize = 4096,
        IntermediateSize = 11008,
        Heads = 32,
        KeyValueHeads = 32,
        VocabularySize = 32000,
        GridHeight = side,
        GridWidth = side,
    };
}
