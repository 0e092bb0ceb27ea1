using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>SAM alone goes on with masks of known places. What a prompt says stays as the language model learned it: only the answer gets better.</summary>
internal sealed class MaskStage(TrainableModel model, Recipe recipe) : IStage
{
    public string Name => "masks";

    public StagePlan Plan => recipe.Masks;

    public IReadOnlyList<TrainableParameter> Parameters { get; } = ParameterSelection.Of(model, ["model.visual_model."]);

    public LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step)
    {
        var terms = new LossTerms();
        PlaceMasks.AddLosses(terms, model, model.Network.Sam.ImageEncoder.Forward(model.SamPixels(scenes)), scenes);
        return terms;
    }

    public Tensor Prompts(TrainingScene scene) => PlaceMasks.Prompts(model, scene);
}
