using System.Buffers.Binary;

namespace Pipeline.Segmentation.Text;

/// <summary>Walks the fields of one protobuf message, never past its end.</summary>
/// <remarks>protobuf's wire format. Groups do not occur in the files read here and count as damage.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>Field number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Value of a four-byte field.</summary>
    public float Single { get; private set; }

    /// <summary>Content of a length-delimited field: a string or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
            return false;
        var key = Varint();
        if (key >> 3 is 0 or > int.MaxValue)
            throw new InvalidDataException("a field number is out of range");
        (Field, Number, Single) = ((int)(key >> 3), 0, 0);
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                var length = Varint();
                Bytes = Take(length);
                break;
            case 5:
                Single = BinaryPrimitives.ReadSingleLittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException($"field {Field} has the unknown wire type {key & 7}");
        }
        return true;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)rest.Length)
            throw new InvalidDataException($"a field of {length} bytes ends beyond the file");
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new InvalidDataException("a number is longer than ten bytes");
    }
}
