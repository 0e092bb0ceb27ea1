using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Contracts.Pickle;

/// <summary>The bytes of a pickle, read forwards; nothing is taken that is not there, so no length that a pickle claims is believed.</summary>
internal sealed class PickleBytes(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - Position))
            throw Fault($"{count} bytes are claimed, and {bytes.Length - Position} are left");
        var taken = bytes.Span.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Up to the next line feed, without it.</summary>
    public ReadOnlySpan<byte> Line()
    {
        var length = bytes.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Fault("a line does not end");
        var line = bytes.Span.Slice(Position, length);
        Position += length + 1;
        return line;
    }

    public string Utf8(ulong count) => Utf8(Take(count));

    public string Utf8(ReadOnlySpan<byte> text)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Fault("a text is not valid UTF-8");
        }
    }

    /// <summary>A Python 2 <c>str</c>, whose encoding nobody says: UTF-8 where it is that, else Latin-1.</summary>
    public static string OldText(ReadOnlySpan<byte> text)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(text);
        }
    }

    public PickleException Fault(string what) => new($"byte {Position}: {what}");
}
