using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>A tensor whose numbers follow from a seed and its name alone, the same bits on every machine.</summary>
/// <remarks>Uniform, since a normal distribution needs logarithms, whose last bit depends on the machine. The generator is SplitMix64.</remarks>
internal sealed record RandomTensor(string Name, double Deviation, double Mean, IReadOnlyList<long> Shape)
{
    /// <returns>A new tensor outside every dispose scope.</returns>
    public Tensor Draw(int seed, ScalarType dtype)
    {
        var state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {Name}")));
        var values = new float[Shape.Aggregate(1L, (product, size) => product * size)];
        var width = Deviation * Math.Sqrt(12);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Mean + (width * (((Next(ref state) >> 11) * (1.0 / (1UL << 53))) - 0.5)));
        using var exact = tensor(values, [.. Shape]);
        return exact.to(dtype, copy: true).DetachFromDisposeScope();
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
