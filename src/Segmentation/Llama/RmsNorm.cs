using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Root-mean-square normalisation: in float32, cast back, then scaled.</summary>
/// <remarks>transformers 4.31 modeling_llama.py, LlamaRMSNorm.</remarks>
public sealed class RmsNorm(Weights weights, int size, double epsilon)
{
    private readonly Tensor weight = weights.Get("weight", size);

    /// <param name="x">(..., size) of any floating type.</param>
    /// <returns>Same shape and type.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return ((wide * scale).to(x.dtype) * weight).MoveToOuterDisposeScope();
    }
}
