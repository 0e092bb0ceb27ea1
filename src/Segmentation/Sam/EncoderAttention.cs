using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Self-attention of the image encoder, over a whole grid or a window of it.</summary>
/// <remarks>segment_anything/modeling/image_encoder.py, Attention. Queries are scaled for the keys but not for the relative positions.</remarks>
internal sealed class EncoderAttention(Weights weights, int heads)
{
    // Scores computed at a time. What fits a processor's cache goes through twice as fast as all 268 million of a ViT-H block at once;
    // a GPU wants few large kernels, and memory only bounds it.
    private const long ScoresInCache = 1 << 20;
    internal const long ScoresOnDevice = 1 << 28;

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
        var parts = qkv.Forward(x).view(batch, height * width, 3, heads, -1).permute(2, 0, 3, 1, 4).reshape(3, batch * heads, height, width, -1).unbind(0);
        var (query, key, value) = (parts[0], parts[1].flatten(1, 2), parts[2].flatten(1, 2));
        var attended = is_grad_enabled() ? AttendRecorded(query, key, value) : AttendInPlace(query, key, value);
        return projection.Forward(attended.view(batch, heads, height, width, -1).permute(0, 2, 3, 1, 4).flatten(3)).MoveToOuterDisposeScope();
    }

    /// <summary>With nothing written in place, so that gradients can be taken.</summary>
    /// <param name="query">(N, H, W, d), N = batch x heads.</param>
    /// <param name="key">(N, HW, d).</param>
    /// <param name="value">(N, HW, d).</param>
    /// <returns>(N, HW, d).</returns>
    private Tensor AttendRecorded(Tensor query, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = (query.shape[0], query.shape[1], query.shape[2]);
        var (rows, columns) = RelativePositions.Terms(query, rowTable, columnTable);
        // A position's term is a product as well: of all the terms of a query and what marks a key's row and column.
        var marks = cat([Identity(height).repeat_interleave(width, 0), Identity(width).repeat(height, 1)], 1).expand(count, -1, -1);
        var some = Math.Clamp(Budget(query) / (height * width * height * width), 1, count);
        var queries = cat([query * Math.Pow(query.shape[^1], -0.5), rows, columns], -1).flatten(1, 2).split(some, dim: 0);
        var keys = cat([key, marks], -1).transpose(1, 2).split(some, dim: 0);
        var values = value.split(some, dim: 0);
        return cat([.. queries.Select((part, i) => part.bmm(keys[i]).softmax(-1).bmm(values[i]))]).MoveToOuterDisposeScope();

        Tensor Identity(long size) => eye(size, dtype: query.dtype, device: query.device);
    }

    /// <summary>For inference: some heads and lines at a time, in place.</summary>
    /// <param name="query">(N, H, W, d), N = batch x heads.</param>
    /// <param name="key">(N, HW, d).</param>
    /// <param name="value">(N, HW, d).</param>
    /// <returns>(N, H, W, d).</returns>
    private Tensor AttendInPlace(Tensor query, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = (query.shape[0], query.shape[1], query.shape[2]);
        var (rows, columns) = RelativePositions.Terms(query, rowTable, columnTable);
        var scaled = query * Math.Pow(query.shape[^1], -0.5);
        var keys = key.transpose(1, 2);
        var result = empty_like(query);

        var budget = Budget(query);
        var some = Math.Clamp(budget / (height * width * height * width), 1, count);
        var lines = Math.Clamp(budget / (some * width * height * width), 1, height);
        for (long first = 0; first < count; first += some)
        {
            for (long line = 0; line < height; line += lines)
            {
                using var part = NewDisposeScope();
                var queries = Part(scaled).flatten(1, 2);
                var scores = queries.matmul(keys.narrow(0, first, Math.Min(some, count - first)));
                scores.view(queries.shape[0], -1, width, height, width).add_(Part(rows).unsqueeze(4)).add_(Part(columns).unsqueeze(3));
                var attended = scores.softmax(-1).matmul(value.narrow(0, first, queries.shape[0]));
                var target = Part(result);
                target.copy_(attended.view(target.shape));

                Tensor Part(Tensor whole) => whole.narrow(0, first, Math.Min(some, count - first)).narrow(1, line, Math.Min(lines, height - line));
            }
        }

        return result.MoveToOuterDisposeScope();
    }

    private static long Budget(Tensor query) => query.device.type == DeviceType.CPU ? ScoresInCache : ScoresOnDevice;
}
