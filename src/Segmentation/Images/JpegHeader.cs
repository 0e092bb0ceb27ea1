using System.Buffers.Binary;

namespace Pipeline.Segmentation.Images;

/// <summary>What a JPEG file's markers say: size, components and orientation, and that the file is whole.</summary>
/// <remarks>
/// Read before libjpeg sees the file, since libjpeg fills what is missing of a truncated file with gray and only warns.
/// A file without an end-of-image marker counts as truncated.
/// </remarks>
internal readonly record struct JpegHeader(int Width, int Height, int Components, int Orientation)
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    /// <summary>Scans of a progressive file; encoders write about ten, and each may go over the whole picture again for a few bytes.</summary>
    private const int MostScans = 100;

    /// <summary>Pixels times scans: twenty scans of the largest picture.</summary>
    private const long MostWork = 20L * ImageCodec.MaxPixels;

    /// <summary>A Huffman-coded block of 8x8 samples takes at least a bit, and the finest component has at least one for every 32x8 pixels; arithmetic coding gets this far with blank images only.</summary>
    private const long MostPixelsPerByte = 8 * 32 * 8;

    public static ReadOnlySpan<byte> Signature => [0xFF, StartOfImage, 0xFF];

    /// <exception cref="InvalidDataException">The file ends early, or has no usable frame header.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> file, string name, int mostPixels)
    {
        JpegHeader? frame = null;
        var orientation = 1;
        var scans = 0;
        var at = 2;
        while (NextMarker(file, ref at) is { } marker)
        {
            if (marker == EndOfImage)
            {
                return frame is { } header
                    ? header with { Orientation = orientation }
                    : throw new InvalidDataException($"{name}: is a JPEG file without an image (no frame header)");
            }
            if (marker is 0x01 or StartOfImage)
                continue;
            if (file.Length - at < 2)
                break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2)
                throw new InvalidDataException($"{name}: is damaged (marker {marker:X2} at byte {at - 2} has length {length})");
            if (file.Length - at < length)
                break;
            var segment = file.Slice(at + 2, length - 2);
            at += length;
            if (IsFrame(marker))
                frame ??= ReadFrame(segment, file.Length, mostPixels, name);
            else if (marker == StartOfScan)
                CheckScans(++scans, frame, name);
            else if (marker == App1 && segment.StartsWith("Exif\0\0"u8))
                orientation = ExifOrientation.Read(segment[6..]);
        }
        throw new InvalidDataException($"{name}: is cut short (a JPEG of {file.Length} bytes without its end-of-image marker)");
    }

    private static void CheckScans(int scans, JpegHeader? frame, string name)
    {
        if (scans > MostScans)
            throw new InvalidDataException($"{name}: has more than {MostScans} scans; a JPEG file has about ten");
        if (frame is { } header && (long)scans * header.Width * header.Height > MostWork)
            throw new InvalidDataException($"{name}: has {scans} scans of {header.Width}x{header.Height} pixels; at most {MostWork} pixels are read in all scans together");
    }

    private static JpegHeader ReadFrame(ReadOnlySpan<byte> segment, int fileLength, int mostPixels, string name)
    {
        if (segment.Length < 6)
            throw new InvalidDataException($"{name}: is damaged (its frame header has {segment.Length} bytes)");
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        ImageCodec.CheckSize(width, height, mostPixels, name);
        if ((long)width * height > (long)fileLength * MostPixelsPerByte)
            throw new InvalidDataException($"{name}: its header says {width}x{height} pixels, more than its {fileLength} bytes can hold");
        return new(width, height, segment[5], Orientation: 1);
    }

    /// <summary>Finds the next marker, past fill bytes, stray bytes and entropy-coded data with its restart markers.</summary>
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (true)
        {
            var skip = file[at..].IndexOf((byte)0xFF);
            if (skip < 0)
                return null;
            at += skip;
            while (at < file.Length && file[at] == 0xFF)
                at++;
            if (at == file.Length)
                return null;
            var marker = file[at++];
            if (marker is not (0x00 or (>= 0xD0 and <= 0xD7)))
                return marker;
        }
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
