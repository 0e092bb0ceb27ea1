using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Where a tensor lies in its file.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Dtype">As stored.</param>
/// <param name="Shape">Empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes from the first to the last number.</param>
public sealed record TensorEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Numbers from one element to the next of each dimension; null for row-major, the only order of safetensors.</summary>
    public IReadOnlyList<long>? Strides { get; init; }

    /// <summary>Numbers in the tensor.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
