using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Llama;

namespace Pipeline.Segmentation.Inspection;

/// <summary>Describes the folders of which a LISA is made, each alone.</summary>
internal static class PlainModelInspection
{
    /// <param name="folder">With <c>config.json</c> of a CLIPVisionModel or a whole CLIPModel.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <exception cref="CheckpointException">The configuration makes no sense.</exception>
    public static CheckpointInspection OfClip(string folder, List<string> faults)
    {
        using var checkpoint = Checkpoint.OpenWhatThereIs(folder, fault => faults.Add(fault.Message));
        var sizes = LisaSizes.WithTower(Path.Combine(folder, "config.json"), checkpoint.Weights, new ModelSizes());
        var comparison = TensorComparison.Of(checkpoint, TensorPlan.Of(to => RandomModel.AddVisionTower(to, sizes)).Shapes);
        return CheckpointInspector.OfWeights(checkpoint, "clip", comparison, faults) with { Vision = Vision(sizes, null) };
    }

    /// <param name="folder">Of a LLaMA, or of a LLaVA with one, whose other tensors are then unexpected.</param>
    /// <param name="json">Its <c>config.json</c>.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <exception cref="CheckpointException">The configuration makes no sense.</exception>
    public static CheckpointInspection OfLlama(string folder, ConfigFile json, List<string> faults)
    {
        var config = LlamaConfig.Read(json);
        using var checkpoint = Checkpoint.OpenWhatThereIs(folder, fault => faults.Add(fault.Message));
        var vocabulary = checkpoint.Weights.Shape("model.embed_tokens.weight") is [var rows, ..] ? (int)rows : json.Positive("vocab_size");
        var sizes = new ModelSizes
        {
            Hidden = config.HiddenSize,
            Intermediate = config.IntermediateSize,
            Layers = config.Layers,
            Heads = config.Heads,
            KeyValueHeads = config.KeyValueHeads,
        };
        var comparison = TensorComparison.Of(checkpoint, TensorPlan.Of(to => RandomModel.AddLanguageModel(to, sizes, vocabulary)).Shapes);
        return CheckpointInspector.OfWeights(checkpoint, "llama", comparison, faults) with { Language = Language(config, vocabulary) };
    }

    public static LanguageSizes Language(LlamaConfig config, int vocabulary) => new(
        config.Layers,
        config.HiddenSize,
        config.IntermediateSize,
        config.Heads,
        config.KeyValueHeads,
        vocabulary,
        config.RmsNormEpsilon,
        config.RopeTheta);

    public static VisionSizes Vision(ModelSizes sizes, int? selectLayer) => new(
        sizes.ClipImage,
        sizes.ClipPatch,
        sizes.ClipGrid * sizes.ClipGrid,
        sizes.ClipLayers,
        sizes.ClipWidth,
        sizes.ClipMlp,
        sizes.ClipHeads,
        selectLayer);
}
