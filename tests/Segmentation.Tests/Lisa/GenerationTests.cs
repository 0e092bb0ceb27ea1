using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Tests.Llama;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

/// <summary>The demo model, which was trained to answer "[SEG].", with what it writes itself.</summary>
public sealed class GenerationTests : IDisposable
{
    private static readonly string Demo = Path.Combine(GoldenLlama.GoldenSet, "..", "..", "models", "demo");

    private readonly LisaModel model = LisaModel.Load(Demo, CPU, ScalarType.Float32);

    public void Dispose() => model.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("fastv:layer=2,keep=0.5")]
    [InlineData("pyramiddrop:boundaries=[4],ratios=[0.5]")]
    public void The_demo_model_writes_what_it_was_trained_to_and_masks_as_when_it_is_forced(string variant)
    {
        var method = PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog()));
        var (image, expressions) = Scene(3);
        using var encoded = model.Encode(image);

        var written = model.Generate(encoded, expressions, method, maxNewTokens: 16);

        var forced = model.Segment(encoded, expressions, method);
        foreach (var (own, given) in written.Zip(forced))
        {
            (own.Answer!.Text, own.Answer.Masks, own.Answer.Truncated, own.Answer.Parts).ShouldBe(("[SEG] .", 1, false, null));
            own.Mask.Zip(given.Mask).Count(pair => pair.First != pair.Second).ShouldBeLessThan(own.Mask.Length / 500);
            own.VisualTokens.ShouldBe(given.VisualTokens);
            own.LlmMilliseconds.ShouldBeGreaterThanOrEqualTo(own.Answer.DecodeMilliseconds);
        }
    }

    [Fact]
    public void An_answer_cut_off_before_its_SEG_has_an_empty_mask()
    {
        var (image, expressions) = Scene(3);
        using var encoded = model.Encode(image);
        var whole = model.Generate(encoded, expressions, new NoPruning(), maxNewTokens: 16)[0];

        var cut = model.Generate(encoded, expressions, new NoPruning(), maxNewTokens: 1)[0];

        cut.Answer!.Truncated.ShouldBeTrue();
        cut.Answer.Tokens.ShouldBe(1);
        cut.Mask.Contains((byte)1).ShouldBe(cut.Answer.Masks > 0);
        whole.Answer!.Tokens.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void The_stages_of_a_written_answer_are_those_of_its_prompt()
    {
        var (image, expressions) = Scene(4);
        using var encoded = model.Encode(image);

        var output = model.Generate(encoded, expressions, PruningMethods.Create(VariantSpec.Parse("uniform:keep=0.25", new ModelCatalog())), 8, new PruningTrace())[1];

        output.Stages!.Single().Kept.Count.ShouldBe(64);
        output.Tokens.ShouldAllBe(tokens => tokens == output.Tokens[0]);
    }

    [Fact]
    public void Nothing_lives_on_after_answers()
    {
        var (image, expressions) = Scene(5);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var round = 0; round < 2; round++)
        {
            using var encoded = model.Encode(image);
            model.Generate(encoded, expressions, PruningMethods.Create(VariantSpec.Parse("fastv:keep=0.5", new ModelCatalog())), maxNewTokens: 6);
        }

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private static (RgbImage Image, Expression[] Expressions) Scene(int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(9, index, 256, 256), expressions: 3);
        return (new RgbImage(scene.Width, scene.Height, scene.Rgb), [.. scene.Expressions.Select(expression => new Expression(expression.Text, false, null))]);
    }
}
