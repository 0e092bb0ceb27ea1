using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Self-attention of the image encoder, over a whole grid or a window of it.</summary>
/// <remarks>segment_anything/modeling/image_encoder.py, Attention. Queries are scaled for the keys but not for the relative positions.</remarks>
internal sealed class EncoderAttention(Weights weights, int heads)
{
    private readonly Linear qkv = new(weights["qkv"]);
    private readonly Linear projection = new(weights["proj"]);
    private readonly Tensor rowTable = weights.Get("rel_pos_h", -1, weights.Size("proj.weight", 0) / heads);
    private readonly Tensor columnTable = weights.Get("rel_pos_w", -1, weights.Size("proj.weight", 0) / heads);

    /// <param name="x">(B, H, W, C).</param>
    /// <returns>(B, H, W, C).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = qkv.Forward(x).view(batch, height * width, 3, heads, -1).permute(2, 0, 3, 1, 4).reshape(3, batch * heads, height * width, -1);
        var (query, key, value) = (parts.select(0, 0), parts.select(0, 1), parts.select(0, 2));

        var scores = (query * Math.Pow(query.shape[^1], -0.5)).matmul(key.transpose(-2, -1));
        var (rows, columns) = RelativePositions.Terms(query.view(batch * heads, height, width, -1), rowTable, columnTable);
        scores.view(batch * heads, height, width, height, width).add_(rows.unsqueeze(4)).add_(columns.unsqueeze(3));

        var attended = scores.softmax(-1).matmul(value).view(batch, heads, height, width, -1).permute(0, 2, 3, 1, 4).flatten(3);
        return projection.Forward(attended).MoveToOuterDisposeScope();
    }
}
