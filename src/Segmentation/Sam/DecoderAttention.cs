using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Attention of the mask decoder, possibly of a smaller inner width.</summary>
/// <remarks>segment_anything/modeling/transformer.py, Attention.</remarks>
internal sealed class DecoderAttention(Weights weights, int heads)
{
    private readonly Linear queryProjection = new(weights["q_proj"]);
    private readonly Linear keyProjection = new(weights["k_proj"]);
    private readonly Linear valueProjection = new(weights["v_proj"]);
    private readonly Linear output = new(weights["out_proj"]);

    /// <param name="query">(N, n, C) or (1, n, C).</param>
    /// <param name="key">(N, m, C) or (1, m, C): what is the same for all N is projected once.</param>
    /// <param name="value">As the key.</param>
    /// <returns>(N, n, C).</returns>
    public Tensor Forward(Tensor query, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        var q = Attention.SplitHeads(queryProjection.Forward(query), heads);
        var k = Attention.SplitHeads(keyProjection.Forward(key), heads);
        var v = Attention.SplitHeads(valueProjection.Forward(value), heads);
        return output.Forward(Attention.MergeHeads(Attention.Attend(q, k, v))).MoveToOuterDisposeScope();
    }
}
