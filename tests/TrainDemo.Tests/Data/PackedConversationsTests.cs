using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Text;
using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Stages;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Data;

public sealed class PackedConversationsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Reading_all_expressions_at_once_asks_for_the_same_masks_as_reading_each_alone()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = TrainableModel.Create(folder.Path, Recipe.Tiny.Sizes, seed: 3, CPU);
        var scene = new SceneSource(SyntheticSplit.Validation, seed: 5, side: 64)[0];

        var packed = Reading.Of(model, scene, answersOnly: true);

        var visual = model.Network.Project(packed.Features);
        for (var i = 0; i < scene.Expressions.Count; i++)
        {
            var ids = Tokens(model, scene.Expressions[i].Text);
            TokenRow[] rows = [new TokenRow(ids, ids.Length - 1)];
            using var alone = model.Network.Read(
                rows,
                ImageSplice.Layout(rows, model.Network.Shape.VisualTokens, model.SegToken),
                visual,
                PruningMethods.Create(VariantSpec.None),
                new ImageEvidence(0) { View = scene.Image, AttendFromClass = () => throw new InvalidOperationException("nobody prunes") });
            var difference = (model.Network.MaskPrompts(alone.SegStates()) - packed.Prompts.narrow(0, i, 1)).abs().max().item<float>();
            difference.ShouldBeLessThan(1e-4f, scene.Expressions[i].Text);
        }
    }

    [Fact]
    public void Only_answers_are_predicted_when_asked_so()
    {
        using var scope = NewDisposeScope();
        using var model = TrainableModel.Create(folder.Path, Recipe.Tiny.Sizes, seed: 3, CPU);

        var answers = PackedReading.Conversations(model, ["the red circle", "the star"], answersOnly: true);
        var all = PackedReading.Conversations(model, ["the red circle", "the star"], answersOnly: false);

        var expected = Tokens(model, "the star").SkipWhile(id => id != model.SegToken).Select(id => (long)id).ToArray();
        answers.Predicted.data<long>().ToArray().ShouldBe([.. expected, .. expected]);
        all.Predicted.numel().ShouldBeGreaterThan(answers.Predicted.numel());
    }

    public void Dispose() => folder.Dispose();

    private static int[] Tokens(TrainableModel model, string expression) => model.Tokenizer.EncodeWithImage(
        Conversation.LlavaV1.Prompt(Conversation.SegmentationQuestion(expression, isSentence: false), Conversation.ForcedAnswer));
}
