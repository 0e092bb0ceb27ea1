using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor that is to be written: what a header says of it, and its bytes piece by piece when they are asked for.</summary>
/// <param name="name">Full name.</param>
/// <param name="dtype">In the file.</param>
/// <param name="shape">Empty for a scalar.</param>
internal abstract class TensorSource(string name, ScalarType dtype, IReadOnlyList<long> shape)
{
    public string Name { get; } = name;

    public ScalarType Dtype { get; } = dtype;

    public IReadOnlyList<long> Shape { get; } = shape;

    /// <summary>Bytes in the file.</summary>
    public long Length { get; } = shape.Aggregate((long)SafetensorsDtype.BytesOf(dtype), (product, size) => product * size);

    /// <summary>Reads bytes in row-major order. Several threads may read at once.</summary>
    /// <param name="start">First byte; a number begins there.</param>
    /// <param name="destination">Filled completely; holds whole numbers.</param>
    public abstract void Read(long start, Span<byte> destination);

    /// <summary>Lets go of what reading has kept in memory.</summary>
    public virtual void Release()
    {
    }
}
