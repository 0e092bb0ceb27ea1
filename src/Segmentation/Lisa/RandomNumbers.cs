using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Uniform numbers that follow from a key, in order from any of them on.</summary>
/// <remarks>SplitMix64: its state grows by the same step each time, so that it can start anywhere.</remarks>
internal struct RandomNumbers
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly double mean;
    private readonly double width;
    private ulong state;

    /// <param name="key">Two keys give two series.</param>
    /// <param name="first">Number of the series that comes first.</param>
    /// <param name="deviation">Standard deviation.</param>
    /// <param name="mean">Mean.</param>
    public RandomNumbers(string key, long first, double deviation, double mean)
    {
        state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ((ulong)first * Step);
        width = deviation * Math.Sqrt(12);
        this.mean = mean;
    }

    public float Next()
    {
        state += Step;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (float)(mean + (width * (((mixed >> 11) * (1.0 / (1UL << 53))) - 0.5)));
    }
}
