using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods.Altp;
using Pipeline.Segmentation.Pruning.Methods.LvlmCsp;
using Pipeline.Segmentation.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaEvidenceTests(TinyLisa tiny) : IClassFixture<TinyLisa>
{
    private readonly LisaModel model = tiny.Model;

    public static TheoryData<string> Variants => [.. Methods.Keys];

    private static Dictionary<string, IPruningMethod> Methods { get; } = new()
    {
        ["altp, attention"] = new AltpPruning(new AltpOptions { Keep = 0.1 }),
        ["altp, cls"] = new AltpPruning(new AltpOptions { Keep = 0.1, Density = InformationDensity.Cls, Layer = 0 }),
        ["altp, variance"] = new AltpPruning(new AltpOptions { Keep = 0.1, Density = InformationDensity.Variance, Slic = SlicMode.Exact }),
        ["altp, capture"] = new AltpPruning(new AltpOptions { Keep = 0.1, Mode = AltpMode.Ddc, Layer = 0 }),
        ["lvlm-csp, uniform"] = new LvlmCspPruning(new LvlmCspOptions { Flops = 0.5 }),
        ["lvlm-csp, cls"] = new LvlmCspPruning(new LvlmCspOptions { Selector = ClusterSelector.Cls }),
        ["lvlm-csp, superpixel"] = new LvlmCspPruning(new LvlmCspOptions { Selector = ClusterSelector.Superpixel, Nearest = Neighbourhood.Cosine }),
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Expressions_in_one_batch_are_answered_as_each_alone(string variant)
    {
        using var image = model.Encode(TinyLisa.Image(3, 200, 140));
        var together = model.Segment(image, TinyLisa.Expressions, Methods[variant]);
        together[0].VisualTokens.ShouldBe(Schedule.Of(Methods[variant].Plan(model.Shape), model.Shape).VisualTokens);
        for (var i = 0; i < together.Count; i++)
        {
            var alone = model.Segment(image, [TinyLisa.Expressions[i]], Methods[variant])[0];
            alone.Mask.Zip(together[i].Mask).Count(pair => pair.First != pair.Second).ShouldBeLessThan(alone.Mask.Length / 500);
        }
    }

    [Fact]
    public void The_view_is_what_the_vision_tower_sees_and_its_grid_covers_it()
    {
        using var image = model.Encode(TinyLisa.Image(4, 300, 200));
        var view = image.Evidence.View.ShouldNotBeNull();

        (view.Width, view.Height).ShouldBe((224, 224));
        image.Evidence.Regions(new SlicOptions { Mode = SlicMode.Fast }, model.Shape.GridHeight, model.Shape.GridWidth)
            .Sum(region => region.Count).ShouldBe(model.Shape.VisualTokens);
        using var whole = new ClipPreprocessor(224).Apply(TinyLisa.Image(4, 300, 200));
        using var seen = new ClipPreprocessor(224).Normalize(view);
        (whole - seen).abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void The_class_token_looks_at_every_patch_and_keeps_a_part_for_itself()
    {
        using var image = model.Encode(TinyLisa.Image(4, 224, 224));
        var attention = image.Evidence.ClassAttention();

        attention.shape.ShouldBe([1, model.Shape.VisualTokens]);
        attention.dtype.ShouldBe(ScalarType.Float32);
        attention.min().item<float>().ShouldBeGreaterThan(0);
        attention.sum().item<float>().ShouldBeInRange(0.5f, 0.9999f);
        image.Evidence.ClassAttention().ShouldBeSameAs(attention);
    }

    [Fact]
    public void What_no_method_asks_for_is_not_computed()
    {
        using var image = model.Encode(TinyLisa.Image(4, 100, 80));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Segment(image, TinyLisa.Expressions, Methods["altp, attention"]);
        model.Segment(image, TinyLisa.Expressions, Methods["lvlm-csp, uniform"]);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);

        model.Segment(image, TinyLisa.Expressions, Methods["altp, cls"]);
        model.Segment(image, TinyLisa.Expressions, Methods["lvlm-csp, cls"]);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before + 1);
    }

    [Fact]
    public void Nothing_lives_on_after_a_sweep()
    {
        foreach (var method in Methods.Values) Sweep(0, [method]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var seed = 1; seed < 3; seed++) Sweep(seed, Methods.Values);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);

        void Sweep(int seed, IEnumerable<IPruningMethod> methods)
        {
            using var image = model.Encode(TinyLisa.Image(seed, 80, 60));
            foreach (var method in methods) model.Segment(image, TinyLisa.Expressions, method);
        }
    }
}
