using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.Segmentation.Llama;

/// <summary>Causal self-attention with rotary positions, multi-head or grouped-query.</summary>
/// <remarks>
/// transformers 4.31 modeling_llama.py, LlamaAttention. Query heads that share a key head stand side by side as one longer query, so keys and
/// values are never repeated. Softmax in float32.
/// </remarks>
public sealed class Attention(Weights weights, LlamaConfig config)
{
    private readonly Tensor queryWeight = weights["q_proj"].Get("weight", config.HiddenSize, config.HiddenSize);
    private readonly Tensor keyWeight = weights["k_proj"].Get("weight", config.KeyValueHeads * config.HeadSize, config.HiddenSize);
    private readonly Tensor valueWeight = weights["v_proj"].Get("weight", config.KeyValueHeads * config.HeadSize, config.HiddenSize);
    private readonly Tensor outputWeight = weights["o_proj"].Get("weight", config.HiddenSize, config.HiddenSize);

    /// <param name="x">(B, n, d), normalised.</param>
    /// <param name="rotation">Of the n positions.</param>
    /// <param name="mask">From <see cref="CausalMask"/>.</param>
    /// <param name="cache">Keys and values of earlier positions; the new ones are appended.</param>
    /// <param name="tap">Sees queries and keys.</param>
    /// <returns>(B, n, d).</returns>
    public Tensor Forward(Tensor x, Rotation rotation, Tensor? mask, LayerCache? cache = null, AttentionTap? tap = null)
    {
        using var scope = NewDisposeScope();
        var query = rotation.Apply(Split(functional.linear(x, queryWeight), config.Heads));
        var key = Keys(x, rotation);
        var value = Split(functional.linear(x, valueWeight), config.KeyValueHeads);
        if (cache is not null) (key, value) = cache.Append(key, value);
        tap?.Invoke(query, key);
        var (batch, length, keys) = (x.shape[0], x.shape[1], key.shape[2]);
        var mixed = Weigh(query, key, mask).to(x.dtype).bmm(value.reshape(batch * config.KeyValueHeads, keys, config.HeadSize));
        var merged = mixed.view(batch, config.Heads, length, config.HeadSize).transpose(1, 2).reshape(batch, length, config.HiddenSize);
        return functional.linear(merged, outputWeight).MoveToOuterDisposeScope();
    }

    /// <summary>The attention this layer would give in one query row per sequence, without running it: only that row's queries are computed.</summary>
    /// <param name="x">(B, n, d), normalised.</param>
    /// <param name="rotation">Of the n positions.</param>
    /// <param name="rows">The query row of each sequence.</param>
    /// <returns>(B, heads, n) float32; 0 behind the row.</returns>
    public Tensor Row(Tensor x, Rotation rotation, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var index = Index(rows, x.device);
        var query = Split(functional.linear(x.gather(1, index.expand(-1, 1, x.shape[2])), queryWeight), config.Heads);
        return Row(rotation.At(index).Apply(query), Keys(x, rotation), index).MoveToOuterDisposeScope();
    }

    /// <summary>All attention probabilities of a layer.</summary>
    /// <param name="query">(B, heads, n, head size).</param>
    /// <param name="key">(B, key heads, m, head size).</param>
    /// <param name="mask">From <see cref="CausalMask"/>.</param>
    /// <returns>(B, heads, n, m) float32.</returns>
    public static Tensor Probabilities(Tensor query, Tensor key, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Weigh(query, key, mask).view(query.shape[0], query.shape[1], query.shape[2], key.shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>The attention of one query row per sequence over the keys up to that row.</summary>
    /// <param name="query">(B, heads, n, head size).</param>
    /// <param name="key">(B, key heads, n, head size).</param>
    /// <param name="rows">The query row of each sequence.</param>
    /// <returns>(B, heads, n) float32; 0 behind the row.</returns>
    public static Tensor Row(Tensor query, Tensor key, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var index = Index(rows, query.device);
        var picked = query.gather(2, index.unsqueeze(1).expand(-1, query.shape[1], 1, query.shape[3]));
        return Row(picked, key, index).MoveToOuterDisposeScope();
    }

    /// <param name="query">(B, heads, 1, head size).</param>
    /// <param name="key">(B, key heads, n, head size).</param>
    /// <param name="index">(B, 1, 1), where the query stands among the keys.</param>
    private static Tensor Row(Tensor query, Tensor key, Tensor index)
    {
        var (batch, heads, size, keyHeads, length) = (query.shape[0], query.shape[1], query.shape[3], key.shape[1], key.shape[2]);
        var grouped = query.reshape(batch, keyHeads, heads / keyHeads, size);
        var scores = (grouped.matmul(key.transpose(-1, -2)) * (1 / Math.Sqrt(size))).view(batch, heads, length);
        var behind = arange(length, device: query.device).view(1, 1, length).gt(index);
        return scores.masked_fill(behind, double.NegativeInfinity).softmax(-1, ScalarType.Float32);
    }

    private static Tensor Index(IReadOnlyList<int> rows, Device device)
    {
        long[] wanted = [.. rows];
        return tensor(wanted, [wanted.Length, 1, 1], device: device);
    }

    private static Tensor Weigh(Tensor query, Tensor key, Tensor? mask)
    {
        var (batch, heads, length, size) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var (keyHeads, keys) = (key.shape[1], key.shape[2]);
        var left = query.reshape(batch * keyHeads, heads / keyHeads * length, size);
        var right = key.reshape(batch * keyHeads, keys, size).transpose(1, 2);
        var scale = (float)(1 / Math.Sqrt(size));
        // Not baddbmm: TorchSharp 0.107 hands its arguments on in another order.
        var scores = mask is null ? left.bmm(right) * scale : mask.add(left.bmm(right), scale);
        return scores.softmax(-1, ScalarType.Float32);
    }

    private Tensor Keys(Tensor x, Rotation rotation) => rotation.Apply(Split(functional.linear(x, keyWeight), config.KeyValueHeads));

    private Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, config.HeadSize).transpose(1, 2);
}
