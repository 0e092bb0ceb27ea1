using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Scaled dot-product attention of several heads.</summary>
public static class Attention
{
    /// <summary>softmax(q k^T / sqrt(d) + bias) v.</summary>
    /// <param name="query">(B, heads, n, d).</param>
    /// <param name="key">(B, heads, m, d).</param>
    /// <param name="value">(B, heads, m, d).</param>
    /// <param name="bias">Added to the scores; broadcasts to (B, heads, n, m).</param>
    /// <returns>(B, heads, n, d).</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        return Probabilities(query, key, bias).matmul(value).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q k^T / sqrt(d) + bias), computed in float32.</summary>
    /// <returns>(B, heads, n, m) in the dtype of the query.</returns>
    public static Tensor Probabilities(Tensor query, Tensor key, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        using var scope = NewDisposeScope();
        var scores = (query * Math.Pow(query.shape[^1], -0.5)).matmul(key.transpose(-2, -1));
        if (bias is not null)
            scores.add_(bias);
        return scores.softmax(-1, ScalarType.Float32).to(query.dtype).MoveToOuterDisposeScope();
    }

    /// <param name="x">(B, n, heads * d).</param>
    /// <param name="heads">Number of heads.</param>
    /// <returns>(B, heads, n, d), a view.</returns>
    public static Tensor SplitHeads(Tensor x, int heads)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <param name="x">(B, heads, n, d).</param>
    /// <returns>(B, n, heads * d).</returns>
    public static Tensor MergeHeads(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        return x.transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }
}
