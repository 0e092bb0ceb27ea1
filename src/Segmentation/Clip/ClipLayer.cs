using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Clip;

/// <summary>Pre-norm transformer layer of CLIP's vision tower.</summary>
/// <remarks>transformers 4.31, modeling_clip.py, CLIPEncoderLayer.</remarks>
internal sealed class ClipLayer(Weights weights, ClipConfig config)
{
    private readonly LayerNorm norm1 = new(weights["layer_norm1"], config.LayerNormEps);
    private readonly ClipAttention attention = new(weights["self_attn"], config.Heads);
    private readonly LayerNorm norm2 = new(weights["layer_norm2"], config.LayerNormEps);
    private readonly Mlp mlp = new(
        config.Activation == "gelu" ? Activation.Gelu : Activation.QuickGelu,
        new Linear(weights["mlp"]["fc1"]),
        new Linear(weights["mlp"]["fc2"]));

    /// <param name="x">(B, T, C).</param>
    /// <returns>(B, T, C).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x + attention.Forward(norm1.Forward(x));
        return (x + mlp.Forward(norm2.Forward(x))).MoveToOuterDisposeScope();
    }

    /// <param name="x">(B, T, C), input of the layer.</param>
    /// <returns>Attention probabilities (B, heads, T, T).</returns>
    public Tensor Probabilities(Tensor x)
    {
        using var scope = NewDisposeScope();
        return attention.Probabilities(norm1.Forward(x)).MoveToOuterDisposeScope();
    }

    /// <param name="x">(B, T, C), input of the layer.</param>
    /// <returns>The class token's row of the attention, (B, heads, T) float32.</returns>
    public Tensor ClassRow(Tensor x)
    {
        using var scope = NewDisposeScope();
        return attention.ClassRow(norm1.Forward(x)).MoveToOuterDisposeScope();
    }
}
