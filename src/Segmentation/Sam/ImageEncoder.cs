using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>SAM's image encoder: a vision transformer with windowed attention, then a neck that narrows its channels.</summary>
/// <remarks>segment_anything/modeling/image_encoder.py, ImageEncoderViT.</remarks>
public sealed class ImageEncoder
{
    private readonly Conv2d patchEmbedding;
    private readonly Tensor positions;
    private readonly EncoderBlock[] blocks;
    private readonly Conv2d neckNarrow;
    private readonly LayerNorm2d neckNorm1;
    private readonly Conv2d neckMix;
    private readonly LayerNorm2d neckNorm2;

    /// <param name="weights">View of <c>image_encoder</c>.</param>
    /// <param name="config">Sizes that the weights do not tell.</param>
    public ImageEncoder(Weights weights, SamConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        patchEmbedding = new Conv2d(weights["patch_embed"]["proj"], stride: config.PatchSize);
        positions = weights.Get("pos_embed", 1, config.GridSize, config.GridSize, patchEmbedding.OutChannels);
        blocks = [.. Enumerable.Range(0, weights.Count("blocks"))
            .Select(i => new EncoderBlock(weights["blocks"][i], config.EncoderHeads, config.GlobalBlocks.Contains(i) ? 0 : config.Window))];
        var neck = weights["neck"];
        neckNarrow = new Conv2d(neck[0], bias: false);
        neckNorm1 = new LayerNorm2d(neck[1]);
        neckMix = new Conv2d(neck[2], padding: 1, bias: false);
        neckNorm2 = new LayerNorm2d(neck[3]);
    }

    public int BlockCount => blocks.Length;

    /// <param name="image">(B, 3, S, S), normalised, padded to the right and below.</param>
    /// <returns>(B, out, S/patch, S/patch).</returns>
    public Tensor Forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = Embed(image);
        foreach (var block in blocks)
        {
            var next = block.Forward(x);
            x.Dispose();
            x = next;
        }

        return Neck(x).MoveToOuterDisposeScope();
    }

    /// <returns>Patches with their positions, (B, H, W, C): input of block 0.</returns>
    public Tensor Embed(Tensor image)
    {
        using var scope = NewDisposeScope();
        return (patchEmbedding.Forward(image).permute(0, 2, 3, 1) + positions).MoveToOuterDisposeScope();
    }

    /// <param name="index">0 is the first.</param>
    /// <param name="x">(B, H, W, C); a grid of another size than the table's interpolates relative positions.</param>
    /// <returns>(B, H, W, C).</returns>
    public Tensor Block(int index, Tensor x) => blocks[index].Forward(x);

    /// <param name="x">(B, H, W, C).</param>
    /// <returns>(B, out, H, W).</returns>
    public Tensor Neck(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var narrow = neckNorm1.Forward(neckNarrow.Forward(x.permute(0, 3, 1, 2)));
        return neckNorm2.Forward(neckMix.Forward(narrow)).MoveToOuterDisposeScope();
    }
}
