using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>One image and its expressions after the language model.</summary>
/// <param name="Scene">Image and expressions.</param>
/// <param name="Features">(1, N, C) of the vision tower.</param>
/// <param name="SegStates">(E, d): the states that predict each expression's [SEG].</param>
/// <param name="Prompts">(E, C): what the mask decoder is asked for.</param>
/// <param name="Layers">(n, d) after each layer, the last one after the final norm.</param>
/// <param name="Packed">What was read.</param>
/// <param name="TextLoss">Cross-entropy of the predicted tokens; a scalar.</param>
internal sealed record Reading(TrainingScene Scene, Tensor Features, Tensor SegStates, Tensor Prompts, IReadOnlyList<Tensor> Layers, PackedConversations Packed, Tensor TextLoss)
{
    /// <param name="model">Reads.</param>
    /// <param name="scene">What it reads.</param>
    /// <param name="answersOnly">Whether the loss counts answers only, as LISA's, or questions too.</param>
    public static Reading Of(TrainableModel model, TrainingScene scene, bool answersOnly)
    {
        var network = model.Network;
        var features = network.VisualFeatures(model.ClipPixels([scene]));
        var packed = PackedReading.Conversations(model, scene.Expressions.Select(expression => expression.Text), answersOnly);
        var layers = PackedReading.Read(model, packed, network.Project(features));
        var hidden = layers[^1];
        var states = hidden.index_select(0, packed.SegRows);
        var text = nn.functional.cross_entropy(network.Language.Logits(hidden.index_select(0, packed.Predicting)), packed.Predicted);
        return new Reading(scene, features, states, network.MaskPrompts(states), layers, packed, text);
    }

    /// <summary>Adds what teaches [SEG] to say where: the text, a pointer at the target, the prompt that its place deserves, and what CLIP sees.</summary>
    public void AddPointingLosses(LossTerms to, TrainableModel model)
    {
        int[] targets = [.. Scene.Expressions.Select(expression => expression.Target)];
        to.Add("text", TextLoss, 1);
        to.Add("location", model.Auxiliary.LocationLoss("location", SegStates, MaskTargets.Coverage(Scene, targets, Auxiliary.PointerGrid, model.Device).flatten(1)), 1);
        var wanted = model.Auxiliary.Prompt(MaskTargets.Places(Scene, targets, model.Device)).detach();
        to.Add("prompt", (Prompts - wanted).square().mean() / Spread(wanted), 0.3);
        var seen = PatchTargets.Of([Scene], model.Sizes.ClipGrid, model.Device);
        var features = Features.flatten(0, 1);
        to.Add("clip", model.Auxiliary.PatchLoss(features, "clip", seen), 0.3);
        to.Add("outline", model.Auxiliary.OutlineLoss(features, seen), 1);
    }

    /// <summary>Adds the mask losses of some expressions.</summary>
    /// <param name="chosen">Their indices.</param>
    public void AddMaskLosses(LossTerms to, TrainableModel model, IReadOnlyList<int> chosen)
    {
        var embedding = model.Network.Sam.ImageEncoder.Forward(model.SamPixels([Scene]));
        var logits = model.Masks(embedding, Prompts.index_select(0, tensor(chosen.Select(index => (long)index).ToArray(), device: model.Device)), Scene.Side);
        MaskTargets.AddLosses(to, logits, MaskTargets.Masks(Scene, chosen.Select(index => Scene.Expressions[index].Target), model.Device));
    }

    /// <summary>How much the prompts differ among each other, with a floor for scenes whose expressions all mean one object.</summary>
    private static double Spread(Tensor prompts) => Math.Max(1e-2, (prompts - prompts.mean([0], keepdim: true)).square().mean().item<float>());
}
