using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What LISA is trained to make small, each part without its weight. All in float32.</summary>
/// <remarks>arXiv 2308.00692; LISA's model/LISA.py, sigmoid_ce_loss, dice_loss and model_forward; transformers 4.31, LlamaForCausalLM.</remarks>
public static class LisaLoss
{
    /// <summary>A label that asks for nothing: prompt, image and padding.</summary>
    public const int IgnoredLabel = -100;

    public const double CrossEntropyWeight = 1;

    public const double MaskBceWeight = 2;

    public const double DiceWeight = 0.5;

    // Keeps a mask that is nowhere from dividing by zero; sums of pixels are taken in thousands.
    private const double DiceScale = 1000;
    private const double DiceEpsilon = 1e-6;
    private const double CountEpsilon = 1e-8;

    /// <summary>Mean cross-entropy of the next tokens: the logits of position i are held against the label of position i + 1.</summary>
    /// <param name="logits">(B, n, vocabulary).</param>
    /// <param name="labels">(B, n) int64, <see cref="IgnoredLabel"/> where nothing is asked for.</param>
    /// <returns>A scalar; NaN, as upstream, where every label is ignored.</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        var predictions = logits.shape[1] - 1;
        return nn.functional.cross_entropy(
            logits.narrow(1, 0, predictions).flatten(0, 1).to(ScalarType.Float32),
            labels.narrow(1, 1, predictions).flatten(),
            ignore_index: IgnoredLabel).MoveToOuterDisposeScope();
    }

    /// <summary>Binary cross-entropy, its mean over a mask's pixels, its mean over masks.</summary>
    /// <param name="logits">(N, H, W); 0 for no masks.</param>
    /// <param name="truth">(N, H, W) floating, 0 to 1.</param>
    /// <returns>A scalar.</returns>
    public static Tensor MaskBce(Tensor logits, Tensor truth)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(truth);
        using var scope = NewDisposeScope();
        var (wide, wanted) = (logits.to(ScalarType.Float32), truth.to(ScalarType.Float32));
        var loss = nn.functional.binary_cross_entropy_with_logits(wide, wanted, reduction: nn.Reduction.None);
        return MeanOverMasks(loss.flatten(1).mean([1])).MoveToOuterDisposeScope();
    }

    /// <summary>One minus the dice coefficient of probabilities and truth, its mean over masks.</summary>
    /// <param name="logits">(N, H, W); 0 for no masks.</param>
    /// <param name="truth">(N, H, W) floating, 0 to 1.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Dice(Tensor logits, Tensor truth)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(truth);
        using var scope = NewDisposeScope();
        var (likely, wanted) = (logits.to(ScalarType.Float32).sigmoid().flatten(1), truth.to(ScalarType.Float32).flatten(1));
        var shared = (likely / DiceScale * wanted).sum(1);
        var either = (likely / DiceScale).sum(1) + (wanted / DiceScale).sum(1);
        var alike = ((2 * shared) + DiceEpsilon) / (either + DiceEpsilon);
        return MeanOverMasks(1 - alike).MoveToOuterDisposeScope();
    }

    private static Tensor MeanOverMasks(Tensor losses) => losses.sum() / (losses.shape[0] + CountEpsilon);
}
