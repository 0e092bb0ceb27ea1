using Pipeline.Contracts.Pickle;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor as a PyTorch archive describes it: a view of a storage that has been checked to lie within it.</summary>
/// <param name="Storage">Where its numbers are.</param>
/// <param name="First">Number of the storage that is its first.</param>
/// <param name="Shape">Empty for a scalar.</param>
/// <param name="Strides">Numbers from one element to the next of each dimension.</param>
/// <param name="Span">Numbers from its first to its last.</param>
internal sealed record TorchTensor(TorchStorage Storage, long First, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides, long Span)
{
    private const int MaxDimensions = 32;

    /// <summary>What <c>torch._utils._rebuild_tensor_v2</c> makes of its arguments: storage, first number, sizes, strides, and what only training needs.</summary>
    /// <exception cref="PickleException">They describe no tensor, or one that leaves its storage or is larger than it.</exception>
    public static TorchTensor Rebuild(IReadOnlyList<object?> arguments)
    {
        if (arguments is not [TorchStorage storage, long first, PickleTuple size, PickleTuple stride, ..] || size.Items.Count != stride.Items.Count || size.Items.Count > MaxDimensions)
            throw new PickleException("a tensor is described by something else than a storage, an offset, sizes and strides");
        var (shape, strides) = (Numbers(size), Numbers(stride));
        // A tensor may repeat numbers (stride 0), but then few bytes would claim much memory.
        var (count, span) = (Int128.One, Int128.One);
        for (var i = 0; i < shape.Length; i++)
        {
            count *= shape[i];
            span += Int128.Max(0, (Int128)(shape[i] - 1) * strides[i]);
            if (shape.Contains(0))
                (count, span) = (0, 0);
            if (count > storage.Count || span > storage.Count)
                break;
        }

        var text = $"a tensor of shape ({string.Join(", ", shape)}) and strides ({string.Join(", ", strides)}) from number {first} on";
        if (count > storage.Count)
            throw new PickleException($"{text} has more numbers than its storage of {storage.Count}");
        if (first < 0 || (Int128)first + span > storage.Count)
            throw new PickleException($"{text} leaves its storage of {storage.Count} numbers");
        return new TorchTensor(storage, first, shape, strides, (long)span);
    }

    /// <param name="name">Full name.</param>
    public TensorEntry ToEntry(string name)
    {
        var element = SafetensorsDtype.BytesOf(Storage.Dtype);
        return new TensorEntry(name, Storage.Dtype, Shape, Storage.Offset + (First * element), Span * element) { Strides = IsRowMajor() ? null : Strides };
    }

    private static long[] Numbers(PickleTuple tuple) =>
        [.. tuple.Items.Select(item => item is long and >= 0 ? (long)item : throw new PickleException("a tensor has a size or stride that is no whole number >= 0"))];

    private bool IsRowMajor()
    {
        var expected = 1L;
        for (var i = Shape.Count - 1; i >= 0; i--)
        {
            if (Shape[i] > 1 && Strides[i] != expected && Span > 0)
                return false;
            expected *= Math.Max(1, Shape[i]);
        }

        return true;
    }
}
