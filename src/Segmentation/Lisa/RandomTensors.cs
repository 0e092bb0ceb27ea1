using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Random weights that follow from a seed and the tensor's name alone, the same bits on every machine.</summary>
/// <remarks>Uniform, since a normal distribution needs logarithms, whose last bit depends on the machine. The generator is SplitMix64.</remarks>
/// <param name="seed">Of all tensors.</param>
/// <param name="dtype">What they are rounded to.</param>
internal sealed class RandomTensors(int seed, ScalarType dtype = ScalarType.BFloat16) : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = [];

    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Adds a tensor with mean <paramref name="mean"/> and standard deviation <paramref name="deviation"/>.</summary>
    public void Add(string name, double deviation, double mean, params long[] shape)
    {
        var state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name}")));
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        var width = deviation * Math.Sqrt(12);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(mean + (width * (((Next(ref state) >> 11) * (1.0 / (1UL << 53))) - 0.5)));
        using var exact = tensor(values, shape);
        tensors.Add(name, exact.to(dtype, copy: true).DetachFromDisposeScope());
    }

    public void Dispose() => tensors.Values.ToList().ForEach(tensor => tensor.Dispose());

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
