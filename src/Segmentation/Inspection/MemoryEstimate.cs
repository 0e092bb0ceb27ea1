using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Inspection;

/// <summary>Memory to run a model in one floating type, bytes. What is in memory for one image and one expression without pruning; libraries and buffers come on top.</summary>
/// <param name="Dtype">What it computes in.</param>
/// <param name="Weights">Of all tensors that the model uses.</param>
public sealed record MemoryEstimate(string Dtype, long Weights)
{
    private static readonly ScalarType[] Dtypes = [ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    /// <summary>Keys and values of the prompt; null for a model that is no whole LISA.</summary>
    public long? KeyValueCache { get; init; }

    /// <summary>Peak of the tensors within a decoder layer; null for a model that is no whole LISA.</summary>
    public long? Prefill { get; init; }

    /// <summary>Peak of the tensors within a block of SAM's image encoder on a GPU; null for a model that is no whole LISA.</summary>
    public long? MaskEncoder { get; init; }

    /// <summary>Weights, cache and the larger one of the two peaks, which come one after the other.</summary>
    public long Total => Weights + (KeyValueCache ?? 0) + Math.Max(Prefill ?? 0, MaskEncoder ?? 0);

    /// <param name="parameters">Numbers that the model uses.</param>
    internal static IReadOnlyList<MemoryEstimate> OfWeights(long parameters) =>
        [.. Dtypes.Select(dtype => new MemoryEstimate(SafetensorsDtype.WordOf(dtype), parameters * SafetensorsDtype.BytesOf(dtype)))];

    /// <param name="parameters">Numbers that the model uses.</param>
    /// <param name="shape">Of the language model.</param>
    /// <param name="sizes">Of SAM.</param>
    internal static IReadOnlyList<MemoryEstimate> OfLisa(long parameters, ModelShape shape, ModelSizes sizes)
    {
        int[] tokens = [.. Enumerable.Repeat(shape.VisualTokens + FlopsConvention.Full.TextTokens, shape.Layers)];
        return [.. OfWeights(parameters).Zip(Dtypes.Select(SafetensorsDtype.BytesOf), (weights, bytes) => weights with
        {
            KeyValueCache = PrefillMemory.KeyValueCache(shape, tokens, bytes),
            Prefill = PrefillMemory.PeakActivations(shape, tokens, bytes),
            MaskEncoder = MaskEncoderMemory.PeakActivations(sizes.SamGrid, sizes.SamWidth, sizes.SamHeads, bytes),
        })];
    }
}
