using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Segmentation.Tests.Images;

/// <summary>Writes PNG files of every kind, good and bad, without any PNG library.</summary>
internal sealed class PngBytes
{
    private readonly List<byte> file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="rows">Packed samples of each row, without the filter byte.</param>
    public static byte[] Of(int width, int height, int depth, int colorType, byte[][] rows, params (string Type, byte[] Data)[] before)
    {
        var png = new PngBytes().Header(width, height, depth, colorType);
        foreach (var (type, data) in before)
            png.Chunk(type, data);
        return png.Chunk("IDAT", Deflate([.. rows.SelectMany(row => row.Prepend((byte)0))])).Chunk("IEND", []).ToArray();
    }

    public static byte[] Deflate(byte[] raw)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(raw);
        return packed.ToArray();
    }

    public PngBytes Header(int width, int height, int depth, int colorType)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)depth;
        header[9] = (byte)colorType;
        return Chunk("IHDR", header);
    }

    public PngBytes Chunk(string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.AddRange(number);
        file.AddRange(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.AddRange(number);
        return this;
    }

    public byte[] ToArray() => [.. file];

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
