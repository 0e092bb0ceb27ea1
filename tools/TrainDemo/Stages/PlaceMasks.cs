using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>Masks of objects whose places are known, as SAM learns them before LISA gives it words.</summary>
internal static class PlaceMasks
{
    /// <summary>Adds the mask losses of every object of every scene.</summary>
    /// <param name="to">Gets them.</param>
    /// <param name="model">Segments.</param>
    /// <param name="embeddings">(B, C, h, w): SAM's of the scenes.</param>
    /// <param name="scenes">B of them.</param>
    public static void AddLosses(LossTerms to, TrainableModel model, Tensor embeddings, IReadOnlyList<TrainingScene> scenes)
    {
        for (var i = 0; i < scenes.Count; i++)
        {
            int[] objects = [.. Enumerable.Range(0, scenes[i].Objects.Count)];
            var prompts = model.Auxiliary.Prompt(MaskTargets.Places(scenes[i], objects, model.Device));
            var logits = model.Masks(embeddings.narrow(0, i, 1), prompts, scenes[i].Side);
            MaskTargets.AddLosses(to, logits, MaskTargets.Masks(scenes[i], objects, model.Device));
        }
    }

    /// <returns>(E, C): the prompts of the places that a scene's expressions mean.</returns>
    public static Tensor Prompts(TrainableModel model, TrainingScene scene) =>
        model.Auxiliary.Prompt(MaskTargets.Places(scene, scene.Expressions.Select(expression => expression.Target), model.Device));
}
