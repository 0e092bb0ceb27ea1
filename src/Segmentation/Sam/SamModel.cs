using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>SAM assembled: image encoder, prompt encoder and mask decoder.</summary>
/// <param name="weights">Root of SAM's tensors; <c>model.visual_model</c> in a LISA checkpoint.</param>
/// <param name="config">Sizes that the weights do not tell.</param>
public sealed class SamModel(Weights weights, SamConfig config)
{
    public SamConfig Config { get; } = config;

    public ImageEncoder ImageEncoder { get; } = new(weights["image_encoder"], config);

    public PromptEncoder PromptEncoder { get; } = new(weights["prompt_encoder"], config);

    public MaskDecoder MaskDecoder { get; } = new(weights["mask_decoder"], config);

    /// <summary>One mask per text embedding, at the original image's size.</summary>
    /// <param name="image">(1, C, h, w): the encoder's output for one image.</param>
    /// <param name="textEmbeddings">(N, C); N may be 0.</param>
    /// <param name="resized">Height and width of the image inside the encoder's input.</param>
    /// <param name="original">Height and width of the original image.</param>
    /// <returns>(N, H, W) float32 logits.</returns>
    public Tensor Segment(Tensor image, Tensor textEmbeddings, (int Height, int Width) resized, (int Height, int Width) original)
    {
        ArgumentNullException.ThrowIfNull(textEmbeddings);
        using var scope = NewDisposeScope();
        var (sparse, dense) = PromptEncoder.Forward(new Prompts { TextEmbeddings = textEmbeddings.unsqueeze(1) });
        var (masks, _) = MaskDecoder.Forward(image, PromptEncoder.DensePositions, sparse, dense);
        return MaskPostprocess.Apply(masks, Config.ImageSize, resized, original).squeeze(1).MoveToOuterDisposeScope();
    }
}
