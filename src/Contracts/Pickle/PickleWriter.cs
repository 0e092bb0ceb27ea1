using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Contracts.Pickle;

/// <summary>Writes a list of plain values as a pickle of protocol 2, item by item, as Python 2 would: texts of ASCII as <c>str</c>, others as <c>unicode</c>.</summary>
/// <remarks>Values: null, bool, int, long, string, a sequence of values, or a dictionary of text keys. Memory does not grow with the list.</remarks>
public sealed class PickleWriter
{
    private readonly Stream stream;

    /// <param name="stream">Gets the pickle; stays open.</param>
    public PickleWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        stream.Write([0x80, 2, (byte)']']);
    }

    /// <summary>Appends an item to the list.</summary>
    /// <exception cref="ArgumentException">It is, or holds, something that is no plain value.</exception>
    public void Append(object? item)
    {
        Write(item);
        stream.WriteByte((byte)'a');
    }

    /// <summary>Ends the list and the pickle.</summary>
    public void End() => stream.WriteByte((byte)'.');

    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                stream.WriteByte((byte)'N');
                break;
            case bool flag:
                stream.WriteByte(flag ? (byte)0x88 : (byte)0x89);
                break;
            case int number:
                Write(number);
                break;
            case long number:
                Write(number);
                break;
            case string text:
                Write(text);
                break;
            case IReadOnlyDictionary<string, object?> map:
                Write(map);
                break;
            case System.Collections.IEnumerable items:
                stream.Write([(byte)']', (byte)'(']);
                foreach (var item in items)
                    Write(item);
                stream.WriteByte((byte)'e');
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} is no plain value.", nameof(value));
        }
    }

    private void Write(IReadOnlyDictionary<string, object?> map)
    {
        stream.Write([(byte)'}', (byte)'(']);
        foreach (var (key, value) in map)
        {
            Write(key);
            Write(value);
        }

        stream.WriteByte((byte)'u');
    }

    private void Write(int number)
    {
        Span<byte> code = stackalloc byte[5];
        code[0] = (byte)'J';
        BinaryPrimitives.WriteInt32LittleEndian(code[1..], number);
        stream.Write(code);
    }

    private void Write(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            Write((int)number);
            return;
        }

        Span<byte> code = stackalloc byte[10];
        (code[0], code[1]) = (0x8a, sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(code[2..], number);
        stream.Write(code);
    }

    private void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Ascii.IsValid(bytes) && bytes.Length <= byte.MaxValue)
        {
            stream.Write([(byte)'U', (byte)bytes.Length]);
        }
        else
        {
            Span<byte> code = stackalloc byte[5];
            code[0] = (byte)'X';
            BinaryPrimitives.WriteInt32LittleEndian(code[1..], bytes.Length);
            stream.Write(code);
        }

        stream.Write(bytes);
    }
}
