using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Pre-norm decoder layer.</summary>
/// <remarks>transformers 4.31 modeling_llama.py, LlamaDecoderLayer.</remarks>
public sealed class DecoderLayer(Weights weights, LlamaConfig config)
{
    private readonly RmsNorm inputNorm = new(weights["input_layernorm"], config.HiddenSize, config.RmsNormEpsilon);
    private readonly Attention attention = new(weights["self_attn"], config);
    private readonly RmsNorm postAttentionNorm = new(weights["post_attention_layernorm"], config.HiddenSize, config.RmsNormEpsilon);
    private readonly FeedForward feedForward = new(weights["mlp"], config);

    /// <param name="hidden">(B, n, d).</param>
    /// <param name="rotation">Of the n positions.</param>
    /// <param name="mask">From <see cref="CausalMask"/>.</param>
    /// <param name="cache">This layer's; the n positions are appended.</param>
    /// <param name="tap">Sees queries and keys.</param>
    /// <returns>(B, n, d).</returns>
    public Tensor Forward(Tensor hidden, Rotation rotation, Tensor? mask, LayerCache? cache = null, AttentionTap? tap = null)
    {
        using var scope = NewDisposeScope();
        var attended = hidden + attention.Forward(inputNorm.Forward(hidden), rotation, mask, cache, tap);
        return (attended + feedForward.Forward(postAttentionNorm.Forward(attended))).MoveToOuterDisposeScope();
    }

    /// <summary>The attention this layer would give in one query row per sequence, without running it.</summary>
    /// <param name="hidden">(B, n, d) before the layer.</param>
    /// <param name="rotation">Of the n positions.</param>
    /// <param name="rows">The query row of each sequence.</param>
    /// <returns>(B, heads, n) float32; 0 behind the row.</returns>
    public Tensor AttentionRow(Tensor hidden, Rotation rotation, IReadOnlyList<int> rows)
    {
        using var normalised = inputNorm.Forward(hidden);
        return attention.Row(normalised, rotation, rows);
    }
}
