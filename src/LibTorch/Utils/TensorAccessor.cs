using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a tensor in CPU memory, in order, whatever its strides.</summary>
/// <remarks>For speed over many elements of a contiguous tensor cast <see cref="Tensor.bytes"/> instead: no copy at all.</remarks>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>, IDisposable
    where T : unmanaged
{
    private readonly Tensor tensor;
    private readonly T* data;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        this.tensor = tensor;
        data = (T*)tensor.Data();
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    /// <param name="indices">One number counts through all elements in order; as many as dimensions name a place.</param>
    public T this[params long[] indices]
    {
        get
        {
            var value = data[indices.Length == 1 ? Offset(indices[0]) : Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }

        set
        {
            data[indices.Length == 1 ? Offset(indices[0]) : Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    public T[] ToArray()
    {
        var elements = new T[Count];
        CopyTo(elements.AsSpan());
        return elements;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies until either ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (contiguous)
        {
            new ReadOnlySpan<T>(data + tensorIndex, count).CopyTo(target);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                target[i] = data[Offset(tensorIndex + i)];
            }
        }

        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies until either ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = (int)Math.Min(source.Length, Count - tensorIndex);
        for (var i = 0; i < count; i++)
        {
            data[Offset(tensorIndex + i)] = source[i];
        }

        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to release; TorchSharp's are disposable.</summary>
    public void Dispose()
    {
    }

    private long Offset(long index)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the tensor has {Count} elements");
        }

        if (contiguous)
        {
            return index;
        }

        long offset = 0;
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            (index, var place) = Math.DivRem(index, shape[dimension]);
            offset += place * strides[dimension];
        }

        return offset;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length != shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices given for {shape.Length} dimensions", nameof(indices));
        }

        long offset = 0;
        for (var dimension = 0; dimension < shape.Length; dimension++)
        {
            var place = indices[dimension];
            if (place < 0 || place >= shape[dimension])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), place, $"dimension {dimension} has size {shape[dimension]}");
            }

            offset += place * strides[dimension];
        }

        return offset;
    }
}
