using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Clip;

/// <summary>Self-attention of a CLIP layer.</summary>
/// <remarks>transformers 4.31, modeling_clip.py, CLIPAttention.</remarks>
internal sealed class ClipAttention(Weights weights, int heads)
{
    private readonly Linear query = new(weights["q_proj"]);
    private readonly Linear key = new(weights["k_proj"]);
    private readonly Linear value = new(weights["v_proj"]);
    private readonly Linear output = new(weights["out_proj"]);

    /// <param name="x">(B, T, C).</param>
    /// <returns>(B, T, C).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Heads(query, x), Heads(key, x), Heads(value, x));
        return output.Forward(Attention.MergeHeads(Attention.Attend(q, k, v))).MoveToOuterDisposeScope();
    }

    /// <returns>Attention probabilities (B, heads, T, T).</returns>
    public Tensor Probabilities(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Attention.Probabilities(Heads(query, x), Heads(key, x)).MoveToOuterDisposeScope();
    }

    /// <summary>The class token's row of the attention, without the rest of it.</summary>
    /// <returns>(B, heads, T) float32.</returns>
    public Tensor ClassRow(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Heads(query, x.narrow(1, 0, 1)), Heads(key, x));
        return Attention.Probabilities(q.to(ScalarType.Float32), k.to(ScalarType.Float32)).squeeze(2).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Linear projection, Tensor x) => Attention.SplitHeads(projection.Forward(x), heads);
}
