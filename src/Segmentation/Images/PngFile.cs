using System.Buffers.Binary;

namespace Pipeline.Segmentation.Images;

/// <summary>The chunks of a PNG file that decide its samples, checked to be all there.</summary>
/// <remarks>
/// libpng's simplified interface would convert by gamma, profile and transparency chunks, which neither OpenCV nor PIL's convert("RGB") does.
/// So it is handed the critical chunks alone, which also keeps compressed text and profiles from being unpacked.
/// </remarks>
internal sealed class PngFile
{
    private const int HeaderLength = 13;
    private const byte PaletteType = 3;

    /// <summary>What deflate can make of a byte.</summary>
    private const long MostExpansion = 1032;

    private readonly ReadOnlyMemory<byte> file;
    private readonly List<Range> critical = [];

    private PngFile(ReadOnlyMemory<byte> file, string name, int mostPixels)
    {
        this.file = file;
        var bytes = file.Span;
        var imageData = 0L;
        var at = Signature.Length;
        for (var ended = false; !ended;)
        {
            if (bytes.Length - at < 12)
                throw CutShort(name);
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var type = bytes.Slice(at + 4, 4);
            if (length > int.MaxValue || type.ContainsAnyExcept(Letters))
                throw new InvalidDataException($"{name}: is a damaged PNG (no chunk at byte {at})");
            if (bytes.Length - at - 12 < length)
                throw CutShort(name);
            var data = bytes.Slice(at + 8, (int)length);
            var end = at + 12 + (int)length;
            if (at == Signature.Length)
                ReadHeader(type, data, mostPixels, name);
            if (type.SequenceEqual("IDAT"u8))
                imageData += length;
            if (type[0] is >= (byte)'A' and <= (byte)'Z')
                critical.Add(at..end);
            else if (type.SequenceEqual("eXIf"u8))
                Orientation = ExifOrientation.Read(data);
            ended = type.SequenceEqual("IEND"u8);
            at = end;
        }

        if (Samples * BitDepth / 8 > imageData * MostExpansion)
            throw new InvalidDataException($"{name}: its header says {Width}x{Height} pixels, more than its {imageData} bytes of image data can hold");
    }

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int BitDepth { get; private set; }

    public int Orientation { get; private set; } = 1;

    public bool HasPalette { get; private set; }

    public bool HasAlpha { get; private set; }

    public bool HasColor { get; private set; }

    private long Samples => (long)Width * Height * ((HasColor && !HasPalette ? 3 : 1) + (HasAlpha ? 1 : 0));

    private static System.Buffers.SearchValues<byte> Letters { get; } =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <exception cref="InvalidDataException">The file ends before its last chunk, or its header cannot be.</exception>
    public static PngFile Read(ReadOnlyMemory<byte> file, string name, int mostPixels) => new(file, name, mostPixels);

    /// <summary>The same image with its critical chunks only.</summary>
    public byte[] Plain() => Assemble(critical);

    /// <summary>A palette image as a gray one of the same bit depth, whose samples are the palette's indices.</summary>
    public byte[] PaletteAsGray()
    {
        var chunks = critical.Where(chunk => !file.Span[chunk].Slice(4, 4).SequenceEqual("PLTE"u8));
        var gray = Assemble(chunks);
        var header = gray.AsSpan(Signature.Length + 4, 4 + HeaderLength);
        header[13] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(gray.AsSpan(Signature.Length + 8 + HeaderLength), Crc(header));
        return gray;
    }

    private void ReadHeader(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, int mostPixels, string name)
    {
        if (!type.SequenceEqual("IHDR"u8) || data.Length != HeaderLength)
            throw new InvalidDataException($"{name}: is a damaged PNG (it does not start with a header)");
        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        ImageCodec.CheckSize(width, height, mostPixels, name);
        var colorType = data[9];
        (Width, Height, BitDepth) = ((int)width, (int)height, data[8]);
        HasPalette = colorType == PaletteType;
        HasColor = (colorType & 2) != 0;
        HasAlpha = (colorType & 4) != 0;
    }

    private byte[] Assemble(IEnumerable<Range> chunks)
    {
        using var assembled = new MemoryStream(file.Length);
        assembled.Write(Signature);
        foreach (var chunk in chunks)
            assembled.Write(file.Span[chunk]);
        return assembled.ToArray();
    }

    private InvalidDataException CutShort(string name) => new($"{name}: is cut short (a PNG of {file.Length} bytes without its last chunk)");

    private static uint Crc(ReadOnlySpan<byte> bytes)
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
