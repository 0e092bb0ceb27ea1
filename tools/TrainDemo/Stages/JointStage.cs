using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>Everything learns from LISA's loss alone.</summary>
internal sealed class JointStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "joint";

    public StagePlan Plan => recipe.Joint;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(model, ["model.", "lm_head", "vision_model."]);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        foreach (var scene in scenes)
        {
            var reading = Reading.Of(model, scene, answersOnly: true);
            terms.Add("text", reading.TextLoss, 1);
            reading.AddMaskLosses(terms, model, recipe.JointMasks, step);
        }

        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => Reading.Of(model, scene, answersOnly: true).Prompts;
}
