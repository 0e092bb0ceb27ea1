using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The directory of a zip archive whose entries are stored uncompressed, so that each is a range of the file.</summary>
/// <remarks>PKWARE's APPNOTE.TXT 4.3. Compressed and encrypted entries, several disks and entries that share bytes are refused: nothing grows when it is read.</remarks>
internal static class StoredZip
{
    private const uint EndSignature = 0x06054b50, WideEndSignature = 0x06064b50, WideLocatorSignature = 0x07064b50, EntrySignature = 0x02014b50, LocalSignature = 0x04034b50;
    private const int EndLength = 22, WideEndLength = 56, WideLocatorLength = 20, EntryLength = 46, LocalLength = 30, LongestComment = 65_535;
    private const int LongestDirectory = 64 << 20;
    private const int WideExtra = 1;

    /// <returns>Entries by name.</returns>
    /// <exception cref="CheckpointException">The archive is damaged, truncated or of another kind.</exception>
    public static IReadOnlyDictionary<string, StoredEntry> Read(CheckpointBytes file)
    {
        var (start, length, count) = FindDirectory(file);
        if (length > LongestDirectory || length > (ulong)file.Length || start > (ulong)file.Length - length || count > length / EntryLength)
            throw Fault(file, $"its directory claims {count} entries and {length} bytes at {start}, and the file has {file.Length}; is it complete?");
        var directory = file.Read((long)start, (int)length, "its directory").AsSpan();
        var entries = new Dictionary<string, StoredEntry>();
        for (var i = 0UL; i < count; i++)
        {
            var (name, entry) = ReadEntry(file, ref directory);
            if (!entries.TryAdd(name, entry))
                throw Fault(file, $"entry '{name}' is there twice");
        }

        RefuseOverlap(file, entries);
        return entries;
    }

    private static (ulong Start, ulong Length, ulong Count) FindDirectory(CheckpointBytes file)
    {
        var tail = file.Read(Math.Max(0, file.Length - EndLength - LongestComment), (int)Math.Min(file.Length, EndLength + LongestComment), "its end");
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (UInt32(end) != EndSignature || UInt16(end[20..]) != end.Length - EndLength)
                continue;
            var narrow = ((ulong)UInt32(end[16..]), (ulong)UInt32(end[12..]), (ulong)UInt16(end[10..]));
            return WideDirectory(file, file.Length - tail.Length + at) ?? narrow;
        }

        throw Fault(file, "it has no directory at its end; is it complete?");
    }

    private static (ulong Start, ulong Length, ulong Count)? WideDirectory(CheckpointBytes file, long end)
    {
        if (end < WideLocatorLength)
            return null;
        var locator = file.Read(end - WideLocatorLength, WideLocatorLength, "its end").AsSpan();
        if (UInt32(locator) != WideLocatorSignature)
            return null;
        var at = UInt64(locator[8..]);
        if (at > (ulong)(end - WideLocatorLength))
            throw Fault(file, $"its end is said to lie at {at}, beyond the file");
        var wide = file.Read((long)at, WideEndLength, "its end").AsSpan();
        return UInt32(wide) == WideEndSignature ? (UInt64(wide[48..]), UInt64(wide[40..]), UInt64(wide[32..])) : throw Fault(file, "its end is damaged");
    }

    private static (string Name, StoredEntry Entry) ReadEntry(CheckpointBytes file, ref Span<byte> directory)
    {
        if (directory.Length < EntryLength || UInt32(directory) != EntrySignature)
            throw Fault(file, "its directory is damaged");
        var (nameLength, extraLength, commentLength) = (UInt16(directory[28..]), UInt16(directory[30..]), UInt16(directory[32..]));
        if (directory.Length < EntryLength + nameLength + extraLength + commentLength)
            throw Fault(file, "its directory is damaged");
        var name = Encoding.UTF8.GetString(directory.Slice(EntryLength, nameLength));
        if ((UInt16(directory[8..]) & 1) != 0)
            throw Fault(file, $"entry '{name}' is encrypted");
        if (UInt16(directory[10..]) != 0)
            throw Fault(file, $"entry '{name}' is compressed, which torch.save never does; save the checkpoint again with torch.save");
        ulong[] numbers = [UInt32(directory[24..]), UInt32(directory[20..]), UInt32(directory[42..])];
        Widen(file, name, numbers, directory.Slice(EntryLength + nameLength, extraLength));
        if (numbers[0] != numbers[1])
            throw Fault(file, $"entry '{name}' claims {numbers[0]} bytes, stored in {numbers[1]}");
        directory = directory[(EntryLength + nameLength + extraLength + commentLength)..];
        return (name, Locate(file, name, numbers[2], numbers[0]));
    }

    /// <summary>Numbers that do not fit into 32 bits follow in an extra field, only those and in this order.</summary>
    private static void Widen(CheckpointBytes file, string name, ulong[] numbers, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4 && UInt16(extra) is var id && UInt16(extra[2..]) is var length && extra.Length >= 4 + length)
        {
            var field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            for (var i = 0; i < numbers.Length && id == WideExtra; i++)
            {
                if (numbers[i] != uint.MaxValue)
                    continue;
                if (field.Length < 8)
                    throw Fault(file, $"the sizes of entry '{name}' are damaged");
                numbers[i] = UInt64(field);
                field = field[8..];
            }
        }
    }

    private static StoredEntry Locate(CheckpointBytes file, string name, ulong header, ulong length)
    {
        if (header > (ulong)file.Length || length > (ulong)file.Length || file.Length - (long)header < LocalLength)
            throw Fault(file, $"entry '{name}' claims {length} bytes at {header}, and the file has {file.Length}; is it complete?");
        var local = file.Read((long)header, LocalLength, $"entry '{name}'").AsSpan();
        if (UInt32(local) != LocalSignature)
            throw Fault(file, $"there is no entry '{name}' where the directory says");
        var data = (long)header + LocalLength + UInt16(local[26..]) + UInt16(local[28..]);
        return data <= file.Length - (long)length
            ? new StoredEntry((long)header, data, (long)length)
            : throw Fault(file, $"entry '{name}' claims {length} bytes at {data}, and the file has {file.Length}; is it complete?");
    }

    private static void RefuseOverlap(CheckpointBytes file, Dictionary<string, StoredEntry> entries)
    {
        var end = 0L;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Header))
        {
            if (entry.Header < end)
                throw Fault(file, $"entry '{name}' lies within another one");
            end = entry.Offset + entry.Length;
        }
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong UInt64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static CheckpointException Fault(CheckpointBytes file, string what) => new($"{file.Path}: as a zip archive, {what}");
}
