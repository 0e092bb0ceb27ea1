using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Transposed convolution without overlap: the stride is the kernel's size, so every pixel becomes a square by one matrix product.</summary>
/// <remarks>libtorch 1.13's own operator fails in bfloat16 on the CPU.</remarks>
public sealed class ConvTranspose2d
{
    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly long outChannels;
    private readonly long kernel;

    /// <param name="weights">Holds <c>weight</c> (in, out, k, k) and <c>bias</c> (out).</param>
    public ConvTranspose2d(Weights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (outChannels, kernel) = (weights.Size("weight", 1), weights.Size("weight", 2));
        bias = weights.Get("bias", outChannels);
        weight = weights.Get("weight", -1, outChannels, kernel, kernel);
    }

    /// <param name="x">(B, in, H, W).</param>
    /// <returns>(B, out, kH, kW).</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var (batch, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        return x.permute(0, 2, 3, 1).matmul(weight.flatten(1))
            .view(batch, height, width, outChannels, kernel, kernel)
            .permute(0, 3, 1, 4, 2, 5)
            .reshape(batch, outChannels, height * kernel, width * kernel)
            .add_(bias.view(1, -1, 1, 1))
            .MoveToOuterDisposeScope();
    }
}
