using Pipeline.Segmentation.Lisa;
using Pipeline.TrainDemo.Data;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>What masks and pointers of a scene should be.</summary>
internal static class MaskTargets
{
    /// <param name="scene">One scene.</param>
    /// <param name="objects">Indices of N objects.</param>
    /// <param name="grid">Cells along a side.</param>
    /// <param name="device">Where the tensor goes.</param>
    /// <returns>(N, grid, grid): the share of each cell that the object covers.</returns>
    public static Tensor Coverage(TrainingScene scene, IEnumerable<int> objects, int grid, Device device)
    {
        var all = scene.Coverage(grid);
        float[] chosen = [.. objects.SelectMany(index => all.AsSpan(index * grid * grid, grid * grid).ToArray())];
        return tensor(chosen, [chosen.Length / (grid * grid), grid, grid], device: device);
    }

    /// <returns>(N, side, side) float: the visible pixels of the objects.</returns>
    public static Tensor Masks(TrainingScene scene, IEnumerable<int> objects, Device device)
    {
        using var scope = NewDisposeScope();
        var owners = tensor(scene.Owners, [1, scene.Side, scene.Side], device: device);
        byte[] wanted = [.. objects.Select(index => (byte)(index + 1))];
        return owners.eq(tensor(wanted, [wanted.Length, 1, 1], device: device)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <returns>(N, 3): x, y and radius of the objects as shares of the image's side.</returns>
    public static Tensor Places(TrainingScene scene, IEnumerable<int> objects, Device device)
    {
        float[] places = [.. objects.Select(index => scene.Objects[index]).SelectMany(thing => new[] { thing.CentroidX, thing.CentroidY, thing.Radius }).Select(length => length / 256f / scene.Side)];
        return tensor(places, [places.Length / 3, 3], device: device);
    }

    /// <summary>Adds LISA's mask losses.</summary>
    /// <param name="to">Gets them.</param>
    /// <param name="logits">(N, H, W).</param>
    /// <param name="truth">(N, H, W), 0 or 1.</param>
    public static void AddLosses(LossTerms to, Tensor logits, Tensor truth)
    {
        to.Add("bce", LisaLoss.MaskBce(logits, truth), LisaLoss.MaskBceWeight);
        to.Add("dice", LisaLoss.Dice(logits, truth), LisaLoss.DiceWeight);
    }
}
