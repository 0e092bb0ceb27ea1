using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Layer normalisation over the last dimension, with scale and shift.</summary>
/// <param name="weights">Holds <c>weight</c> and <c>bias</c> (C).</param>
/// <param name="eps">Added to the variance.</param>
public sealed class LayerNorm(Weights weights, double eps)
{
    private readonly Tensor weight = weights.Get("weight", -1);
    private readonly Tensor bias = weights.Get("bias", weights.Size("weight", 0));

    /// <param name="x">(..., C).</param>
    /// <returns>Same shape.</returns>
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, weight.shape, weight, bias, eps);
}
