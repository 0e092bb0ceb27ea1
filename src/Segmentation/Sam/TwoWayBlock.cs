using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Tokens attend to themselves and to the image, then the image to the tokens. Post-norm.</summary>
/// <remarks>segment_anything/modeling/transformer.py, TwoWayAttentionBlock.</remarks>
/// <param name="weights">One of <c>transformer.layers</c>.</param>
/// <param name="heads">Attention heads.</param>
/// <param name="first">The first block's self-attention knows no positions and replaces the tokens instead of adding to them.</param>
internal sealed class TwoWayBlock(Weights weights, int heads, bool first)
{
    private readonly DecoderAttention selfAttention = new(weights["self_attn"], heads);
    private readonly LayerNorm norm1 = new(weights["norm1"], eps: 1e-5);
    private readonly DecoderAttention tokensToImage = new(weights["cross_attn_token_to_image"], heads);
    private readonly LayerNorm norm2 = new(weights["norm2"], eps: 1e-5);
    private readonly Mlp mlp = new(Activation.Relu, new Linear(weights["mlp"]["lin1"]), new Linear(weights["mlp"]["lin2"]));
    private readonly LayerNorm norm3 = new(weights["norm3"], eps: 1e-5);
    private readonly DecoderAttention imageToTokens = new(weights["cross_attn_image_to_token"], heads);
    private readonly LayerNorm norm4 = new(weights["norm4"], eps: 1e-5);

    /// <param name="tokens">(N, T, C).</param>
    /// <param name="image">(N, HW, C), or (1, HW, C) for all.</param>
    /// <param name="tokenPositions">(N, T, C).</param>
    /// <param name="imagePositions">(1, HW, C).</param>
    /// <returns>Tokens (N, T, C) and image (N, HW, C).</returns>
    public (Tensor Tokens, Tensor Image) Forward(Tensor tokens, Tensor image, Tensor tokenPositions, Tensor imagePositions)
    {
        using var scope = NewDisposeScope();
        tokens = norm1.Forward(first ? selfAttention.Forward(tokens, tokens, tokens) : tokens + Self(tokens + tokenPositions, tokens));
        var imageKeys = image + imagePositions;
        tokens = norm2.Forward(tokens + tokensToImage.Forward(tokens + tokenPositions, imageKeys, image));
        tokens = norm3.Forward(tokens + mlp.Forward(tokens));
        image = norm4.Forward(image + imageToTokens.Forward(imageKeys, tokens + tokenPositions, tokens));
        return (tokens.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope());
    }

    private Tensor Self(Tensor positioned, Tensor tokens) => selfAttention.Forward(positioned, positioned, tokens);
}
