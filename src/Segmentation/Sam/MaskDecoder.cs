using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Predicts masks and their quality from an image embedding and prompt tokens.</summary>
/// <remarks>segment_anything/modeling/mask_decoder.py. Mask token 0 answers a clear prompt, tokens 1 to 3 an ambiguous one; only those asked for are decoded.</remarks>
public sealed class MaskDecoder
{
    private readonly Tensor qualityToken;
    private readonly Tensor maskTokens;
    private readonly TwoWayTransformer transformer;
    private readonly ConvTranspose2d upscale1;
    private readonly LayerNorm2d upscaleNorm;
    private readonly ConvTranspose2d upscale2;
    private readonly Mlp[] hypernetworks;
    private readonly Mlp qualityHead;

    /// <param name="weights">View of <c>mask_decoder</c>.</param>
    /// <param name="config">Sizes that the weights do not tell.</param>
    public MaskDecoder(Weights weights, SamConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        qualityToken = weights.Get("iou_token.weight", 1, -1);
        maskTokens = weights.Get("mask_tokens.weight", -1, qualityToken.shape[1]);
        transformer = new TwoWayTransformer(weights["transformer"], config.DecoderHeads);
        upscale1 = new ConvTranspose2d(weights["output_upscaling"][0]);
        upscaleNorm = new LayerNorm2d(weights["output_upscaling"][1]);
        upscale2 = new ConvTranspose2d(weights["output_upscaling"][3]);
        hypernetworks = [.. Enumerable.Range(0, (int)maskTokens.shape[0]).Select(i => ReluMlp(weights["output_hypernetworks_mlps"][i]))];
        qualityHead = ReluMlp(weights["iou_prediction_head"]);
    }

    /// <param name="image">(1, C, h, w): embedding of one image.</param>
    /// <param name="positions">(1, C, h, w): its cells' positions.</param>
    /// <param name="sparse">(N, T, C): prompt tokens; N may be 0.</param>
    /// <param name="dense">(N, C, h, w) or (1, C, h, w).</param>
    /// <param name="multimask">The three answers to an ambiguous prompt instead of the one.</param>
    /// <returns>Mask logits (N, M, 4h, 4w) and predicted IoU (N, M), M = 1 or 3.</returns>
    public (Tensor Masks, Tensor Quality) Forward(Tensor image, Tensor positions, Tensor sparse, Tensor dense, bool multimask = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(sparse);
        using var scope = NewDisposeScope();
        var (count, height, width) = (sparse.shape[0], image.shape[2], image.shape[3]);
        var (first, masks) = multimask ? (1, hypernetworks.Length - 1) : (0, 1);
        if (count == 0)
        {
            var nothing = empty([0, masks, 4 * height, 4 * width], image.dtype, image.device);
            return (nothing.MoveToOuterDisposeScope(), empty([0, masks], image.dtype, image.device).MoveToOuterDisposeScope());
        }

        var tokens = cat([cat([qualityToken, maskTokens]).unsqueeze(0).expand(count, -1, -1), sparse], 1);
        var (answers, cells) = transformer.Forward(tokens, Flat(image + dense), Flat(positions));
        var upscaled = Upscale(cells.transpose(1, 2).reshape(count, -1, height, width)).flatten(2);
        var kernels = stack(Enumerable.Range(first, masks).Select(i => hypernetworks[i].Forward(answers.select(1, 1 + i))), 1);
        var logits = kernels.matmul(upscaled).view(count, masks, 4 * height, 4 * width);
        var quality = qualityHead.Forward(answers.select(1, 0)).narrow(1, first, masks);
        return (logits.MoveToOuterDisposeScope(), quality.MoveToOuterDisposeScope());
    }

    private static Tensor Flat(Tensor image) => image.flatten(2).transpose(1, 2);

    private static Mlp ReluMlp(Weights weights) =>
        new(Activation.Relu, [.. Enumerable.Range(0, weights.Count("layers")).Select(i => new Linear(weights["layers"][i]))]);

    private Tensor Upscale(Tensor cells)
    {
        using var scope = NewDisposeScope();
        var twice = Activation.Gelu(upscaleNorm.Forward(upscale1.Forward(cells)));
        return Activation.Gelu(upscale2.Forward(twice)).MoveToOuterDisposeScope();
    }
}
