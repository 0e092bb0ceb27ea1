using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What a LISA checkpoint and its vision tower hold, beside what they should.</summary>
/// <param name="Sizes">Sizes that follow from configurations and weights.</param>
/// <param name="Checkpoint">Language model, SAM and what joins them.</param>
/// <param name="VisionTower">CLIP.</param>
internal sealed record LisaTensors(LisaSizes Sizes, TensorComparison Checkpoint, TensorComparison VisionTower)
{
    /// <exception cref="CheckpointException">A configuration makes no sense.</exception>
    public static LisaTensors Compare(LisaFolder folder, LisaConfig config, Checkpoint checkpoint, Checkpoint tower)
    {
        var sizes = LisaSizes.Read(folder, config, checkpoint.Weights, tower.Weights);
        return new LisaTensors(
            sizes,
            TensorComparison.Of(checkpoint, TensorPlan.Of(to => RandomModel.AddLanguageAndMasks(to, sizes.Model, sizes.Vocabulary)).Shapes),
            TensorComparison.Of(tower, TensorPlan.Of(to => RandomModel.AddVisionTower(to, sizes.Model)).Shapes));
    }

    /// <exception cref="CheckpointException">A tensor is missing or has another shape; lists them all.</exception>
    public void RefuseFaults()
    {
        foreach (var part in (TensorComparison[])[Checkpoint, VisionTower])
        {
            if (!part.IsWhole)
                throw new CheckpointException($"{part.Path}: {part.Faults}");
        }
    }
}
