using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>The mask decoder's transformer between prompt tokens and image embedding.</summary>
/// <remarks>segment_anything/modeling/transformer.py, TwoWayTransformer.</remarks>
internal sealed class TwoWayTransformer(Weights weights, int heads)
{
    private readonly TwoWayBlock[] blocks =
        [.. Enumerable.Range(0, weights.Count("layers")).Select(i => new TwoWayBlock(weights["layers"][i], heads, first: i == 0))];

    private readonly DecoderAttention finalAttention = new(weights["final_attn_token_to_image"], heads);
    private readonly LayerNorm finalNorm = new(weights["norm_final_attn"], eps: 1e-5);

    /// <param name="tokens">(N, T, C); they are their own positions.</param>
    /// <param name="image">(N, HW, C), or (1, HW, C) for all.</param>
    /// <param name="imagePositions">(1, HW, C).</param>
    /// <returns>Tokens (N, T, C) and image (N, HW, C).</returns>
    public (Tensor Tokens, Tensor Image) Forward(Tensor tokens, Tensor image, Tensor imagePositions)
    {
        using var scope = NewDisposeScope();
        var queries = tokens;
        foreach (var block in blocks)
            (queries, image) = block.Forward(queries, image, tokens, imagePositions);
        queries = finalNorm.Forward(queries + finalAttention.Forward(queries + tokens, image + imagePositions, image));
        return (queries.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope());
    }
}
