using System.Text;
using System.Text.Unicode;

namespace Pipeline.Evaluation.Statistics;

/// <summary>Reads what <see cref="PartialWriter"/> wrote and refuses everything else.</summary>
internal sealed class PartialReader(ReadOnlyMemory<byte> bytes)
{
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
        UInt128 value = 0;
        for (var shift = 0; shift < 128; shift += 7)
        {
            if (at == bytes.Length)
                throw Damaged();
            var group = bytes.Span[at++];
            value |= (UInt128)(group & 0x7Fu) << shift;
            if (group < 0x80)
                return value <= most ? value : throw Damaged();
        }

        throw Damaged();
    }

    private InvalidDataException Damaged() => new($"The partial is damaged near byte {at}.");
}
