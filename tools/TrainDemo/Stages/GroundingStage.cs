using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>The language model learns to understand step by step: half-way, nouns point at all that their phrase fits; later [SEG] at the one that is meant.</summary>
/// <remarks>What states hold is supervised, attention is not: which heads look where stays the model's own.</remarks>
internal sealed class GroundingStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "grounding";

    public StagePlan Plan => recipe.Grounding;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(
        model, [.. ParameterSelection.AllButSam, Auxiliary.Prefix + "half.", Auxiliary.Prefix + "nouns."], visionRate: 0.4);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        foreach (var scene in scenes)
            Add(terms, scene);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => Reading.Of(model, scene, answersOnly: true).Prompts;

    private void Add(LossTerms terms, TrainingScene scene)
    {
        var reading = Reading.Of(model, scene, answersOnly: false);
        reading.AddPointingLosses(terms, model);
        var layers = reading.Layers;
        var targets = MaskTargets.Coverage(scene, scene.Expressions.Select(expression => expression.Target), Auxiliary.PointerGrid, model.Device).flatten(1);
        terms.Add("half", model.Auxiliary.LocationLoss("half.location", layers[(layers.Count * 3 / 4) - 1].index_select(0, reading.Packed.SegRows), targets), 0.5);
        terms.Add("nouns", model.Auxiliary.LocationLoss("nouns.location", layers[(layers.Count / 2) - 1].index_select(0, reading.Packed.MarkedRows), NounTargets(scene)), 0.5);
    }

    /// <returns>(M, 256): for every noun of every expression, what its phrase fits.</returns>
    private Tensor NounTargets(TrainingScene scene)
    {
        using var scope = NewDisposeScope();
        var objects = MaskTargets.Coverage(scene, Enumerable.Range(0, scene.Objects.Count), Auxiliary.PointerGrid, model.Device).flatten(1);
        float[] choices =
        [
            .. scene.Expressions
                .SelectMany(expression => NounPhrases.Matches(expression.Text, scene.Objects))
                .SelectMany(fits => Enumerable.Range(0, scene.Objects.Count).Select(index => fits.Contains(index) ? 1f : 0f)),
        ];
        return tensor(choices, [choices.Length / scene.Objects.Count, scene.Objects.Count], device: model.Device).matmul(objects).MoveToOuterDisposeScope();
    }
}
