using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>A tensor whose numbers follow from a seed and its name alone, the same bits on every machine.</summary>
/// <remarks>Uniform, since a normal distribution needs logarithms, whose last bit depends on the machine.</remarks>
internal sealed record RandomTensor(string Name, double Deviation, double Mean, IReadOnlyList<long> Shape)
{
    /// <returns>A new tensor outside every dispose scope.</returns>
    public Tensor Draw(int seed, ScalarType dtype)
    {
        var values = new float[Shape.Aggregate(1L, (product, size) => product * size)];
        var numbers = Numbers(seed, 0);
        for (var i = 0; i < values.Length; i++)
            values[i] = numbers.Next();
        using var exact = tensor(values, [.. Shape]);
        return exact.to(dtype, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Its numbers, row-major, from any of them on.</summary>
    public RandomNumbers Numbers(int seed, long first) => new($"{seed} {Name}", first, Deviation, Mean);
}
