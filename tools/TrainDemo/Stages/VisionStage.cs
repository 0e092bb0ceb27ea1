using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>SAM segments whatever stands at a given place, as it learns from points and boxes before LISA; CLIP and SAM see what each patch is.</summary>
internal sealed class VisionStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "vision";

    public StagePlan Plan => recipe.Vision;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(
        model, ["model.visual_model.", "vision_model.", Auxiliary.Prefix + "clip.classes", Auxiliary.Prefix + "clip.geometry", Auxiliary.Prefix + "sam.", Auxiliary.Prefix + "place."]);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var (sizes, device) = (model.Sizes, model.Device);
        var terms = new LossTerms();
        var embeddings = model.Network.Sam.ImageEncoder.Forward(model.SamPixels(scenes));
        PlaceMasks.AddLosses(terms, model, embeddings, scenes);

        var cells = embeddings.flatten(2).transpose(1, 2).reshape(-1, sizes.PromptWidth);
        terms.Add("sam", model.Auxiliary.PatchLoss(cells, "sam", PatchTargets.Of(scenes, sizes.SamGrid, device)), 0.15 * scenes.Count);
        var features = model.Network.VisualFeatures(model.ClipPixels(scenes)).flatten(0, 1);
        terms.Add("clip", model.Auxiliary.PatchLoss(features, "clip", PatchTargets.Of(scenes, sizes.ClipGrid, device)), 0.3 * scenes.Count);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => PlaceMasks.Prompts(model, scene);
}
