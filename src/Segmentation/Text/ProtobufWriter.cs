using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Segmentation.Text;

/// <summary>Writes the fields of one protobuf message.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> message = [];

    public byte[] ToArray() => [.. message];

    public ProtobufWriter Number(int field, int value)
    {
        Varint((uint)field << 3);
        Varint((uint)value);
        return this;
    }

    public ProtobufWriter Single(int field, float value)
    {
        Varint(((uint)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        message.AddRange(bytes);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter value) => Bytes(field, value.ToArray());

    private ProtobufWriter Bytes(int field, byte[] value)
    {
        Varint(((uint)field << 3) | 2);
        Varint((uint)value.Length);
        message.AddRange(value);
        return this;
    }

    private void Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}
