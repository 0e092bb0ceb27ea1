using Pipeline.Segmentation.Lisa;
using Pipeline.TrainDemo.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Pipeline.TrainDemo.Model;

/// <summary>Heads that only training has: they say what the patches see, where the language model points, and which prompt a known place deserves.</summary>
/// <param name="weights">By name, under <see cref="Prefix"/>.</param>
internal sealed class Auxiliary(IReadOnlyDictionary<string, Tensor> weights)
{
    public const string Prefix = "auxiliary.";

    /// <summary>Cells along a side of what pointers point at.</summary>
    public const int PointerGrid = 16;

    private const int Frequencies = 16;
    private const int PlaceFeatures = 3 + (2 * Frequencies);

    private static readonly int PatchOutputs = PatchTargets.Classes.Sum();

    /// <summary>Adds the heads' tensors.</summary>
    public static void AddTo(RandomTensors to, ModelSizes sizes)
    {
        AddLinear("clip.classes", sizes.ClipWidth, PatchOutputs);
        AddLinear("clip.geometry", sizes.ClipWidth, 5);
        AddLinear("clip.outline", sizes.ClipWidth, PatchTargets.OutlinePoints * PatchTargets.OutlinePoints);
        AddLinear("sam.classes", sizes.PromptWidth, PatchOutputs);
        AddLinear("sam.geometry", sizes.PromptWidth, 5);
        AddLinear("location", sizes.Hidden, PointerGrid * PointerGrid);
        AddLinear("half.location", sizes.Hidden, PointerGrid * PointerGrid);
        AddLinear("nouns.location", sizes.Hidden, PointerGrid * PointerGrid);
        to.Add($"{Prefix}place.frequencies", 4, 0, 3, Frequencies);
        AddLinear("place.0", PlaceFeatures, 128);
        AddLinear("place.1", 128, sizes.PromptWidth);

        void AddLinear(string name, int inputs, int outputs)
        {
            to.Add($"{Prefix}{name}.weight", 0.8 / Math.Sqrt(inputs), 0, outputs, inputs);
            to.Add($"{Prefix}{name}.bias", 0, 0, outputs);
        }
    }

    /// <param name="features">(B * cells, C) of the tower.</param>
    /// <param name="tower"><c>clip</c> or <c>sam</c>.</param>
    /// <param name="targets">Of the same cells.</param>
    /// <returns>Cross-entropy of the attributes, the shape counted twice, and the distance of centre and radius; a scalar.</returns>
    public Tensor PatchLoss(Tensor features, string tower, PatchTargets targets)
    {
        const float BackgroundWeight = 0.3f;
        using var scope = NewDisposeScope();
        var logits = Apply($"{tower}.classes", features);
        var labels = targets.Labels.index_select(0, targets.Rows);
        // In a small picture objects may be too small for any patch to be theirs.
        var loss = targets.Foreground.shape[0] == 0
            ? zeros([], device: features.device)
            : l1_loss(Apply($"{tower}.geometry", features.index_select(0, targets.Foreground)), targets.Geometry);
        var start = 0;
        for (var attribute = 0; attribute < PatchTargets.Classes.Count; attribute++)
        {
            var count = PatchTargets.Classes[attribute];
            var balance = ones(count, device: features.device);
            balance[0] = BackgroundWeight;
            var term = cross_entropy(logits.narrow(1, start, count), labels.select(1, attribute), balance);
            loss = loss + (attribute == 0 ? 2 * term : term);
            start += count;
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <returns>How far each patch is from knowing its object's outline; a scalar.</returns>
    public Tensor OutlineLoss(Tensor features, PatchTargets targets)
    {
        using var scope = NewDisposeScope();
        if (targets.Foreground.shape[0] == 0)
            return (0 * Apply("clip.outline", features).sum()).MoveToOuterDisposeScope();
        var seen = Apply("clip.outline", features.index_select(0, targets.Foreground));
        var truth = targets.Outlines.index_select(0, targets.Rows.index_select(0, targets.Foreground));
        return binary_cross_entropy_with_logits(seen, truth).MoveToOuterDisposeScope();
    }

    /// <param name="head"><c>location</c> for the final states that predict a [SEG], <c>half.location</c> for those of an earlier layer, <c>nouns.location</c> for nouns.</param>
    /// <param name="hidden">(N, d).</param>
    /// <param name="coverage">(N, 256): how much of each cell of a 16 x 16 grid is meant.</param>
    /// <param name="weights">(N): what each counts; null for all alike.</param>
    /// <returns>Cross-entropy of where the states point; a scalar.</returns>
    public Tensor LocationLoss(string head, Tensor hidden, Tensor coverage, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var share = coverage / coverage.sum(1, keepdim: true);
        var level = layer_norm(hidden, [hidden.shape[^1]]);
        var losses = -(share * log_softmax(Apply(head, head == "location" ? hidden : level), 1)).sum(1);
        return (weights is null ? losses.mean() : (losses * weights).sum() / weights.sum()).MoveToOuterDisposeScope();
    }

    /// <param name="places">(N, 3): x, y and radius as shares of the image's side.</param>
    /// <returns>(N, C): the prompt for whatever stands there.</returns>
    public Tensor Prompt(Tensor places)
    {
        using var scope = NewDisposeScope();
        var angles = places.matmul(weights[$"{Prefix}place.frequencies"]);
        var hidden = gelu(Apply("place.0", cat([places, angles.sin(), angles.cos()], 1)));
        return Apply("place.1", hidden).MoveToOuterDisposeScope();
    }

    private Tensor Apply(string name, Tensor x) => linear(x, weights[$"{Prefix}{name}.weight"], weights[$"{Prefix}{name}.bias"]);
}
