using System.Buffers;
using System.Text;

namespace Pipeline.Evaluation.Statistics;

/// <summary>Integers in groups of seven bits, least first; signed ones zigzag.</summary>
internal sealed class PartialWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public void Raw(ReadOnlySpan<byte> content) => bytes.Write(content);

    /// <param name="value">Not negative.</param>
    public void Unsigned(long value) => Groups((UInt128)checked((ulong)value));

    public void Signed(long value) => Groups((ulong)((value << 1) ^ (value >> 63)));

    /// <param name="value">Not negative.</param>
    public void Wide(Int128 value) => Groups(checked((UInt128)value));

    /// <summary>Length and bytes in UTF-8.</summary>
    public void Text(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        Unsigned(encoded.Length);
        Raw(encoded);
    }

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    private void Groups(UInt128 value)
    {
        for (; value > 0x7F; value >>= 7)
            Raw([(byte)(0x80 | (byte)(value & 0x7F))]);
        Raw([(byte)value]);
    }
}
