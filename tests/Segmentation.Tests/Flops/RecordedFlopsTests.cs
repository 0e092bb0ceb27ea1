using Pipeline.Contracts.Jobs;
using Pipeline.Evaluation.Statistics;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Lisa;

namespace Pipeline.Segmentation.Tests.Flops;

/// <summary>What a run records and its report prints, against what is computed from sizes alone.</summary>
public sealed class RecordedFlopsTests(TinyLisa tiny) : IClassFixture<TinyLisa>
{
    [Theory]
    [InlineData("none")]
    [InlineData("fastv:layer=2,keep=0.5")]
    [InlineData("fastv:layer=1,count=26")]
    [InlineData("random:keep=0.1,layer=3")]
    [InlineData("uniform:average=100")]
    public void A_report_prints_the_flops_that_were_predicted(string notation)
    {
        var profile = ModelProfiles.Find(tiny.Folder);
        var method = PruningMethods.Create(VariantSpec.Parse(notation, new ModelCatalog(), profile.Shape));
        using var image = tiny.Model.Encode(TinyLisa.Image(5, 80, 60));

        var tally = new SegmentationTally();
        foreach (var output in tiny.Model.Segment(image, TinyLisa.Expressions, method))
        {
            var text = output.Tokens[0] - output.VisualTokens[0];
            var predicted = Predict(FlopsConvention.PyramidDrop, text);
            var recorded = FlopsConvention.PyramidDrop.Total(tiny.Model.Shape, output.Tokens, output.VisualTokens) / 1e12;

            output.VisualTokens.ShouldBe(predicted.VisualTokens);
            recorded.ShouldBe(predicted.Flops / 1e12);
            FlopsConvention.FastV.Total(tiny.Model.Shape, output.Tokens, output.VisualTokens).ShouldBe(Predict(FlopsConvention.FastV, text).Flops);
            tally.Add(new Measurement { VisualTokens = output.VisualTokens, Tflops = recorded });
        }

        // A mean of equal numbers may be off by its last bit; reports print four digits.
        var expected = Predict(FlopsConvention.PyramidDrop, 0).Flops / 1e12;
        tally.MeanTflops!.Value.ShouldBe(expected, expected * 1e-14);

        PrefillCost Predict(FlopsConvention convention, int text) => PrefillCost.Of(profile, method.Plan(profile.Shape), text, convention);
    }

    [Fact]
    public void A_checkpoint_has_the_shape_that_it_loads_with() => ModelProfiles.Find(tiny.Folder).Shape.ShouldBe(tiny.Model.Shape);

    [Fact]
    public void A_checkpoint_is_counted_from_the_shapes_of_its_weights()
    {
        var profile = ModelProfiles.Find(tiny.Folder);

        // 2 of 3 layers of width 64 and 128 inside over 256 patches of 14 x 14 and a class token.
        profile.VisionTower.ShouldBe((256 * 588 * 64) + (2 * ((4 * 257 * 64 * 64) + (2 * 257 * 257 * 64) + (2 * 257 * 64 * 128))));
        profile.Projector.ShouldBe([64, 96]);
        profile.MaskPrompt.ShouldBe([96, 96, 64]);

        // 16 x 16 patches of 16 x 16, width 64, 256 inside; two blocks attend to all of them, two in windows of 7 with padding to 21 x 21.
        var global = (4 * 256 * 64 * 64) + (2 * 256 * 256 * 64) + (256 * 32 * 64) + (2 * 256 * 64 * 256);
        var windowed = (4 * 441 * 64 * 64) + (2 * 441 * 49 * 64) + (441 * 14 * 64) + (2 * 256 * 64 * 256);
        profile.MaskEncoder.ShouldBe((256 * 768 * 64) + (2 * global) + (2 * windowed) + (256 * 64 * 64) + (256 * 9 * 64 * 64));
        profile.MaskDecoder.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_model_that_is_neither_known_nor_a_folder_is_refused_with_a_suggestion()
    {
        Should.Throw<InvalidDataException>(() => ModelProfiles.Find("lisa-7c")).Message.ShouldContain("did you mean 'lisa-7b'?");
        Should.Throw<InvalidDataException>(() => ModelProfiles.Find(Path.GetDirectoryName(tiny.Folder)!)).Message.ShouldContain("config.json");
    }
}
