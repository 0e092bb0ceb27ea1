using System.Numerics;
using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>bfloat16 to float32: the same bits with sixteen zeros behind them.</summary>
/// <remarks>libtorch converts one number at a time, three times slower; and this is how released checkpoints are read on a CPU.</remarks>
internal static class BFloat16Widening
{
    /// <param name="source">bfloat16 numbers, little-endian.</param>
    /// <param name="destination">Twice as long: float32 numbers.</param>
    public static void Widen(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var narrow = MemoryMarshal.Cast<byte, ushort>(source);
        var wide = MemoryMarshal.Cast<byte, uint>(destination)[..narrow.Length];
        while (narrow.Length >= Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(narrow), out var low, out var high);
            (low << 16).CopyTo(wide);
            (high << 16).CopyTo(wide[Vector<uint>.Count..]);
            narrow = narrow[Vector<ushort>.Count..];
            wide = wide[Vector<ushort>.Count..];
        }

        for (var i = 0; i < narrow.Length; i++)
            wide[i] = (uint)narrow[i] << 16;
    }
}
