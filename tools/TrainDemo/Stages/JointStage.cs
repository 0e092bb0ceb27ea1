using Pipeline.Contracts.Synthetic;
using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>Everything learns from LISA's loss, with the pointer beside it; superlatives, which come last and slowest, count for more.</summary>
internal sealed class JointStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "joint";

    public StagePlan Plan => recipe.Joint;

    public IReadOnlyList<TrainableParameter> Parameters { get; } =
        ParameterSelection.Of(model, ["model.", "lm_head", "vision_model.", Auxiliary.Prefix + "location"], visionRate: 0.4);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        foreach (var scene in scenes)
            Add(terms, scene, step);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => Reading.Of(model, scene, answersOnly: true).Prompts;

    private static bool IsHard(SceneExpression expression) => expression.Kind == SceneExpressionKind.Superlative;

    private void Add(LossTerms terms, TrainingScene scene, int step)
    {
        var reading = Reading.Of(model, scene, answersOnly: true);
        var targets = MaskTargets.Coverage(scene, scene.Expressions.Select(expression => expression.Target), Auxiliary.PointerGrid, model.Device).flatten(1);
        var weights = tensor(scene.Expressions.Select(expression => IsHard(expression) ? recipe.SuperlativeWeight : 1).ToArray(), device: model.Device);
        terms.Add("text", reading.TextLoss, 1);
        terms.Add("location", model.Auxiliary.LocationLoss("location", reading.SegStates, targets, weights), 1);
        // All superlatives, and the others in turn.
        var turned = Enumerable.Range(0, scene.Expressions.Count).Select(i => (i + (step * recipe.JointMasks)) % scene.Expressions.Count);
        reading.AddMaskLosses(terms, model, [.. turned.OrderByDescending(index => IsHard(scene.Expressions[index])).Take(recipe.JointMasks)]);
    }
}
