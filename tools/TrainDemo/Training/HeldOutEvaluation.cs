using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Stages;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Training;

/// <summary>Masks of scenes that training never sees, at the image's own resolution.</summary>
/// <param name="model">Is measured.</param>
/// <param name="scenes">Of the validation split.</param>
/// <param name="count">Scenes to look at.</param>
internal sealed class HeldOutEvaluation(TrainableModel model, SceneSource scenes, int count)
{
    /// <param name="stage">Asks for the masks.</param>
    /// <param name="rank">Takes every <paramref name="ranks"/>-th scene.</param>
    public HeldOutScore Share(IStage stage, int rank, int ranks)
    {
        using var recording = no_grad();
        var score = new HeldOutScore();
        for (var index = rank; index < count; index += ranks)
            Add(score, stage, scenes[index]);
        return score;
    }

    private void Add(HeldOutScore score, IStage stage, TrainingScene scene)
    {
        using var scope = NewDisposeScope();
        var embedding = model.Network.Sam.ImageEncoder.Forward(model.SamPixels([scene]));
        var logits = model.Masks(embedding, stage.Prompts(scene), scene.Side);
        var masks = logits.gt(0).to(ScalarType.Byte).cpu().flatten(1);
        for (var i = 0; i < scene.Expressions.Count; i++)
        {
            var expression = scene.Expressions[i];
            var mask = masks.select(0, i).bytes;
            var (shared, either) = (0L, 0L);
            for (var pixel = 0; pixel < mask.Length; pixel++)
            {
                var (found, wanted) = (mask[pixel] != 0, scene.Owners[pixel] == expression.Target + 1);
                shared += found && wanted ? 1 : 0;
                either += found || wanted ? 1 : 0;
            }

            score.Add(expression.Kind, shared, either);
        }
    }
}
