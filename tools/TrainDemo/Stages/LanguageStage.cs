using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>The language model learns to say where: SAM, which only understands places, stands still, so [SEG] must carry one.</summary>
/// <remarks>No supervision of attention: what the heads look at is what the pruning methods rank by, and stays the model's own.</remarks>
internal sealed class LanguageStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "language";

    public StagePlan Plan => recipe.Language;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(model, ParameterSelection.AllButSam, visionRate: 0.4);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        foreach (var scene in scenes)
            Add(terms, scene, step);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => Reading.Of(model, scene, answersOnly: true).Prompts;

    private void Add(LossTerms terms, TrainingScene scene, int step)
    {
        var reading = Reading.Of(model, scene, answersOnly: false);
        reading.AddPointingLosses(terms, model);
        if (step >= recipe.MasksFrom)
            reading.AddMaskLosses(terms, model, [.. Enumerable.Range(step * recipe.LanguageMasks, recipe.LanguageMasks).Select(turn => turn % scene.Expressions.Count)]);
    }
}
