using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>y = x W^T + b over the last dimension.</summary>
public sealed class Linear
{
    private readonly Tensor weight;
    private readonly Tensor? bias;

    /// <param name="weights">Holds <c>weight</c> (out, in) and, unless left out, <c>bias</c> (out).</param>
    /// <param name="inFeatures">Width that the model expects of x; -1 takes what the file has.</param>
    /// <param name="outFeatures">Width of y; -1 takes what the file has.</param>
    /// <param name="bias">False for layers without one.</param>
    public Linear(Weights weights, long inFeatures = -1, long outFeatures = -1, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weight = weights.Get("weight", outFeatures, inFeatures);
        this.bias = bias ? weights.Get("bias", weight.shape[0]) : null;
    }

    public long InFeatures => weight.shape[1];

    public long OutFeatures => weight.shape[0];

    /// <param name="x">(..., in).</param>
    /// <returns>(..., out).</returns>
    public Tensor Forward(Tensor x) => nn.functional.linear(x, weight, bias);
}
