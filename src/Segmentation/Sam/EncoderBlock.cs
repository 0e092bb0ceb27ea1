using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Pre-norm transformer block of SAM's image encoder, windowed or global.</summary>
/// <remarks>segment_anything/modeling/image_encoder.py, Block. Windows are padded with zeros after norm1, and the padding takes part in attention.</remarks>
/// <param name="weights">One of <c>blocks</c>.</param>
/// <param name="heads">Attention heads.</param>
/// <param name="window">Side of a window in patches, 0 for global attention.</param>
internal sealed class EncoderBlock(Weights weights, int heads, int window)
{
    private readonly LayerNorm norm1 = new(weights["norm1"], eps: 1e-6);
    private readonly EncoderAttention attention = new(weights["attn"], heads);
    private readonly LayerNorm norm2 = new(weights["norm2"], eps: 1e-6);
    private readonly Mlp mlp = new(Activation.Gelu, new Linear(weights["mlp"]["lin1"]), new Linear(weights["mlp"]["lin2"]));

    /// <param name="x">(B, H, W, C).</param>
    /// <returns>(B, H, W, C).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var normed = norm1.Forward(x);
        x = x + (window == 0 ? attention.Forward(normed) : Windowed(normed));
        return (x + mlp.Forward(norm2.Forward(x))).MoveToOuterDisposeScope();
    }

    private Tensor Windowed(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var (rows, columns) = ((height + window - 1) / window, (width + window - 1) / window);
        var padded = nn.functional.pad(x, [0, 0, 0, (columns * window) - width, 0, (rows * window) - height]);
        var windows = padded.view(batch, rows, window, columns, window, -1).permute(0, 1, 3, 2, 4, 5).reshape(-1, window, window, x.shape[3]);
        return attention.Forward(windows)
            .view(batch, rows, columns, window, window, -1)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(batch, rows * window, columns * window, -1)
            .narrow(1, 0, height)
            .narrow(2, 0, width)
            .MoveToOuterDisposeScope();
    }
}
