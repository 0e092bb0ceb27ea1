namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Small seeded generator whose numbers are fixed for ever, whatever the runtime.</summary>
/// <remarks>Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014); ranges by Lemire's multiplication.</remarks>
internal sealed class SplitMix64
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong state;

    public SplitMix64(ulong seed, ulong stream) => state = Mix(seed + Step) ^ stream;

    /// <returns>0 to <paramref name="bound"/> - 1.</returns>
    public long Below(long bound)
    {
        state += Step;
        return (long)Math.BigMul(Mix(state), (ulong)bound, out _);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
