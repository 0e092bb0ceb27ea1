using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A zip archive of stored entries, put together without checksums, which nothing reads: a million of them a minute.</summary>
internal static class StoredArchive
{
    private const int LocalLength = 30, EntryLength = 46, EndLength = 22;

    public static byte[] Of(params (string Name, byte[] Data)[] files)
    {
        var archive = new byte[files.Sum(file => LocalLength + EntryLength + (2 * file.Name.Length) + file.Data.Length) + EndLength];
        var at = 0;
        var starts = new int[files.Length];
        for (var i = 0; i < files.Length; i++)
        {
            starts[i] = at;
            at = Write(archive, at, 0x04034b50, LocalLength, 18, files[i]);
            files[i].Data.CopyTo(archive, at);
            at += files[i].Data.Length;
        }

        var directory = at;
        for (var i = 0; i < files.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(archive.AsSpan(at + 42), starts[i]);
            at = Write(archive, at, 0x02014b50, EntryLength, 20, files[i]);
        }

        var end = archive.AsSpan(at);
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)files.Length);
        BinaryPrimitives.WriteInt32LittleEndian(end[12..], at - directory);
        BinaryPrimitives.WriteInt32LittleEndian(end[16..], directory);
        return archive;
    }

    /// <returns>What follows the record and its name.</returns>
    private static int Write(byte[] archive, int at, uint signature, int length, int sizes, (string Name, byte[] Data) file)
    {
        var record = archive.AsSpan(at);
        BinaryPrimitives.WriteUInt32LittleEndian(record, signature);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizes..], file.Data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[(sizes + 4)..], file.Data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[(sizes + 8)..], (ushort)file.Name.Length);
        Encoding.ASCII.GetBytes(file.Name, record[length..]);
        return at + length + file.Name.Length;
    }
}
