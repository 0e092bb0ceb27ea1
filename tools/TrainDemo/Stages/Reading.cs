using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>One image and its expressions after the language model.</summary>
/// <param name="Scene">Image and expressions.</param>
/// <param name="Features">(1, N, C) of the vision tower.</param>
/// <param name="SegStates">(E, d): the states that predict each expression's [SEG].</param>
/// <param name="Prompts">(E, C): what the mask decoder is asked for.</param>
/// <param name="TextLoss">Cross-entropy of the predicted tokens; a scalar.</param>
internal sealed record Reading(TrainingScene Scene, Tensor Features, Tensor SegStates, Tensor Prompts, Tensor TextLoss)
{
    /// <param name="model">Reads.</param>
    /// <param name="scene">What it reads.</param>
    /// <param name="answersOnly">Whether the loss counts answers only, as LISA's, or questions too.</param>
    public static Reading Of(TrainableModel model, TrainingScene scene, bool answersOnly)
    {
        var network = model.Network;
        var features = network.VisualFeatures(model.ClipPixels([scene]));
        var packed = PackedReading.Conversations(model, scene.Expressions.Select(expression => expression.Text), answersOnly);
        var hidden = PackedReading.Read(model, packed, network.Project(features));
        var states = hidden.index_select(0, packed.SegRows);
        var text = nn.functional.cross_entropy(network.Language.Logits(hidden.index_select(0, packed.Predicting)), packed.Predicted);
        return new Reading(scene, features, states, network.MaskPrompts(states), text);
    }

    /// <summary>Adds the mask losses of some expressions, other ones in each step.</summary>
    public void AddMaskLosses(LossTerms to, TrainableModel model, int masks, int step)
    {
        var embedding = model.Network.Sam.ImageEncoder.Forward(model.SamPixels([Scene]));
        int[] chosen = [.. Enumerable.Range(0, Math.Min(masks, Scene.Expressions.Count)).Select(i => ((step * masks) + i) % Scene.Expressions.Count)];
        var logits = model.Masks(embedding, Prompts.index_select(0, tensor(chosen.Select(index => (long)index).ToArray(), device: model.Device)), Scene.Side);
        MaskTargets.AddLosses(to, logits, MaskTargets.Masks(Scene, chosen.Select(index => Scene.Expressions[index].Target), model.Device));
    }
}
