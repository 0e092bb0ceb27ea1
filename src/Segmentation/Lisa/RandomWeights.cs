using System.Runtime.InteropServices;
using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Random weights in bfloat16 that are drawn as they are written.</summary>
/// <param name="tensor">What to draw.</param>
/// <param name="seed">Of all tensors.</param>
internal sealed class RandomWeights(RandomTensor tensor, int seed) : TensorSource(tensor.Name, ScalarType.BFloat16, tensor.Shape)
{
    public override void Read(long start, Span<byte> destination)
    {
        var numbers = tensor.Numbers(seed, start / sizeof(ushort));
        foreach (ref var number in MemoryMarshal.Cast<byte, ushort>(destination))
            number = Round(numbers.Next());
    }

    /// <summary>To the nearest bfloat16, to the even one of two that are as near.</summary>
    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
