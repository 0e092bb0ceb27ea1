using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Transposed convolution without overlap: the stride is the kernel's size.</summary>
/// <param name="weights">Holds <c>weight</c> (in, out, k, k) and <c>bias</c> (out).</param>
public sealed class ConvTranspose2d(Weights weights)
{
    private readonly Tensor weight = weights.Get("weight", -1, -1, -1, -1);
    private readonly Tensor bias = weights.Get("bias", weights.Size("weight", 1));

    /// <param name="x">(B, in, H, W).</param>
    /// <returns>(B, out, kH, kW).</returns>
    public Tensor Forward(Tensor x) =>
        nn.functional.conv_transpose2d(x, weight, bias, strides: [weight.shape[2], weight.shape[3]]);
}
