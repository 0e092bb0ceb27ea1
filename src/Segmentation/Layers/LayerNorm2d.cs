using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Layer normalisation over the channels of an image, each pixel by itself.</summary>
/// <remarks>segment_anything/modeling/common.py, LayerNorm2d; eps 1e-6.</remarks>
/// <param name="weights">Holds <c>weight</c> and <c>bias</c> (C).</param>
public sealed class LayerNorm2d(Weights weights)
{
    private readonly LayerNorm norm = new(weights, eps: 1e-6);

    /// <param name="x">(B, C, H, W).</param>
    /// <returns>Same shape.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return norm.Forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
