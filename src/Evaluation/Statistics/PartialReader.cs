using System.Text;
using System.Text.Unicode;

namespace Pipeline.Evaluation.Statistics;

/// <summary>Reads what <see cref="PartialWriter"/> wrote and refuses everything else.</summary>
internal sealed class PartialReader(ReadOnlyMemory<byte> bytes)
{
    private const int ShortGroups = 9;
    private const int MostGroups = 19;

    private int at;

    public long Unsigned() => (long)Groups(long.MaxValue);

    public long[] Unsigned(int length)
    {
        var values = new long[length];
        for (var i = 0; i < length; i++)
            values[i] = Unsigned();
        return values;
    }

    public long Signed()
    {
        var zigzag = (ulong)Groups(ulong.MaxValue);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    public Int128 Wide() => (Int128)Groups((UInt128)Int128.MaxValue);

    /// <summary>A number that becomes a length or an index.</summary>
    public int Count(int most) => (int)Groups((UInt128)most);

    /// <param name="most">Characters it may have; it has at least one.</param>
    public string Text(int most)
    {
        var length = Count(bytes.Length);
        if (length > bytes.Length - at || !Utf8.IsValid(bytes.Span.Slice(at, length)))
            throw Damaged();
        var text = Encoding.UTF8.GetString(bytes.Span.Slice(at, length));
        at += length;
        return text.Length >= 1 && text.Length <= most ? text : throw Damaged();
    }

    public void RequireEnd()
    {
        if (at != bytes.Length)
            throw Damaged();
    }

    private UInt128 Groups(UInt128 most)
    {
        // Nearly all numbers end within 63 bits, and arithmetic on 64 is several times as fast.
        var left = bytes.Span[at..];
        var value = 0UL;
        for (var i = 0; i < Math.Min(left.Length, ShortGroups); i++)
        {
            value |= (ulong)(left[i] & 0x7Fu) << (7 * i);
            if (left[i] >= 0x80)
                continue;
            at += i + 1;
            return value <= most ? value : throw Damaged();
        }

        return LongGroups(left, most);
    }

    private UInt128 LongGroups(ReadOnlySpan<byte> left, UInt128 most)
    {
        UInt128 value = 0;
        for (var i = 0; i < Math.Min(left.Length, MostGroups); i++)
        {
            value |= (UInt128)(left[i] & 0x7Fu) << (7 * i);
            if (left[i] >= 0x80)
                continue;
            at += i + 1;
            return value <= most ? value : throw Damaged();
        }

        throw Damaged();
    }

    private InvalidDataException Damaged() => new($"The partial is damaged near byte {at}.");
}
