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
            score.Add(scene.Expressions[i], masks.select(0, i).bytes);
    }
}
