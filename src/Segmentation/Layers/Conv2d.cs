using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Two-dimensional convolution; the kernel's size comes from the file.</summary>
public sealed class Conv2d
{
    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly long[] strides;
    private readonly long[] padding;

    /// <param name="weights">Holds <c>weight</c> (out, in, k, k) and, unless left out, <c>bias</c> (out).</param>
    /// <param name="stride">Pixels.</param>
    /// <param name="padding">Pixels of zeros on every side.</param>
    /// <param name="bias">False for layers without one.</param>
    public Conv2d(Weights weights, long stride = 1, long padding = 0, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weight = weights.Get("weight", -1, -1, -1, -1);
        this.bias = bias ? weights.Get("bias", weight.shape[0]) : null;
        strides = [stride, stride];
        this.padding = [padding, padding];
    }

    public long OutChannels => weight.shape[0];

    /// <param name="x">(B, in, H, W).</param>
    /// <returns>(B, out, H', W').</returns>
    public Tensor Forward(Tensor x) => nn.functional.conv2d(x, weight, bias, strides, padding);
}
