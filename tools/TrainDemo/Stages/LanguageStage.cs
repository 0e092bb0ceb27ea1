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

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(
        model,
        ["model.embed_tokens", "model.layers", "model.norm", "lm_head", "model.mm_projector", "model.text_hidden_fcs", "vision_model.", Auxiliary.Prefix + "clip.", Auxiliary.Prefix + "location"],
        visionRate: 0.4);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        foreach (var scene in scenes)
            Add(terms, scene, step);
        return terms;
    }

    private void Add(LossTerms terms, TrainingScene scene, int step)
    {
        var reading = Reading.Of(model, scene, answersOnly: false);
        int[] targets = [.. scene.Expressions.Select(expression => expression.Target)];
        terms.Add("text", reading.TextLoss, 1);
        terms.Add("location", model.Auxiliary.LocationLoss(reading.SegStates, MaskTargets.Coverage(scene, targets, 16, model.Device).flatten(1)), 1);
        var wanted = model.Auxiliary.Prompt(MaskTargets.Places(scene, targets, model.Device)).detach();
        terms.Add("prompt", (reading.Prompts - wanted).square().mean() / Spread(wanted), 0.3);
        var seen = PatchTargets.Of([scene], model.Sizes.ClipGrid, model.Device);
        var features = reading.Features.flatten(0, 1);
        terms.Add("clip", model.Auxiliary.PatchLoss(features, "clip", seen), 0.3);
        terms.Add("outline", model.Auxiliary.OutlineLoss(features, seen), 1);
        if (step >= Plan.Steps * recipe.MasksFrom)
            reading.AddMaskLosses(terms, model, recipe.MasksPerImage, step);
    }

    /// <summary>How much the prompts differ among each other, with a floor for scenes whose expressions all mean one object.</summary>
    private static double Spread(Tensor prompts) => Math.Max(1e-2, (prompts - prompts.mean([0], keepdim: true)).square().mean().item<float>());

    public Tensor Prompts(TrainingScene scene) => Reading.Of(model, scene, answersOnly: true).Prompts;
}
