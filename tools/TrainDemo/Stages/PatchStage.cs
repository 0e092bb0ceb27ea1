using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>CLIP learns what each patch belongs to: attributes, place and outline of the object.</summary>
internal sealed class PatchStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "patches";

    public StagePlan Plan => recipe.Patches;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(model, ["vision_model.", Auxiliary.Prefix + "clip."]);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        var features = model.Network.VisualFeatures(model.ClipPixels(scenes)).flatten(0, 1);
        var targets = PatchTargets.Of(scenes, model.Sizes.ClipGrid, model.Device);
        terms.Add("clip", model.Auxiliary.PatchLoss(features, "clip", targets), scenes.Count);
        terms.Add("outline", model.Auxiliary.OutlineLoss(features, targets), scenes.Count);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => PlaceMasks.Prompts(model, scene);
}
