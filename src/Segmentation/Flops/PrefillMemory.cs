using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>What a prefill of one sequence keeps in memory besides the weights, in bytes.</summary>
public static class PrefillMemory
{
    /// <summary>Keys and values of all layers: for each layer its tokens x key-value heads x head size x 2 x size of a number.</summary>
    /// <param name="model">Sizes of the language model.</param>
    /// <param name="tokens">Real tokens in each layer.</param>
    /// <param name="numberBytes">Size of a number: 2 for float16 and bfloat16.</param>
    public static long KeyValueCache(ModelShape model, IReadOnlyList<int> tokens, int numberBytes)
    {
        ArgumentNullException.ThrowIfNull(model);
        return tokens.Sum(count => 2L * count * KeyValueWidth(model) * numberBytes);
    }

    /// <summary>The most that the tensors of a layer hold at one time, over all layers; the cache not included.</summary>
    /// <remarks>
    /// For n tokens and numbers of s bytes the larger of two moments. In attention: six tensors of n x d (the layer's input, its norm, queries, the
    /// mixed values before and after their heads are joined, the output), keys and values, and one score per head, query and key: scaled in s bytes,
    /// as float32 out of the softmax, and again in s bytes. In the feed-forward network: six tensors of n x d (input, both norms, attention's output,
    /// their sum, the output) and two of n x m. Peak = s (6 n d + max(2 n d_kv + H n^2 (2 + 4/s), 2 n m)); in float32 the scores are not written a third time.
    /// </remarks>
    /// <param name="model">Sizes of the language model.</param>
    /// <param name="tokens">Real tokens in each layer.</param>
    /// <param name="numberBytes">Size of a number.</param>
    public static long PeakActivations(ModelShape model, IReadOnlyList<int> tokens, int numberBytes)
    {
        ArgumentNullException.ThrowIfNull(model);
        long n = tokens.Max();
        var score = numberBytes == sizeof(float) ? 2 * sizeof(float) : (2 * numberBytes) + sizeof(float);
        var attention = (2 * n * KeyValueWidth(model) * numberBytes) + (model.Heads * n * n * score);
        var feedForward = 2 * n * model.IntermediateSize * numberBytes;
        return (6 * n * model.HiddenSize * numberBytes) + Math.Max(attention, feedForward);
    }

    private static long KeyValueWidth(ModelShape model) => (long)model.HiddenSize / model.Heads * model.KeyValueHeads;
}
