using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Contracts.Files;

/// <summary>What tells one content of a file from another without reading it. Links are followed, so that it is the file's own and not the link's.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Written">Nanoseconds from 1970 to the last change.</param>
public readonly partial record struct FileStamp(long Length, long Written)
{
    /// <summary>Relative paths start from the current directory.</summary>
    private const int Here = -100;

    private const uint TypeSizeAndTime = 0x1 | 0x200 | 0x40;

    /// <summary>struct statx of Linux, the same on every processor.</summary>
    private const int StatusLength = 256, ModeOffset = 28, SizeOffset = 40, SecondsOffset = 112, NanosecondsOffset = 120;

    private const int TypeMask = 0xF000, PlainType = 0x8000;

    /// <returns>Null where there is nothing of that name, or a folder, device or pipe.</returns>
    public static FileStamp? Of(string path)
    {
        var status = new byte[StatusLength];
        if (Status(Here, Encoding.UTF8.GetBytes(path + '\0'), 0, TypeSizeAndTime, status) != 0 || (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) != PlainType)
            return null;
        return new FileStamp(
            BitConverter.ToInt64(status, SizeOffset),
            (BitConverter.ToInt64(status, SecondsOffset) * 1_000_000_000) + BitConverter.ToUInt32(status, NanosecondsOffset));
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Status(int folder, byte[] path, int flags, uint mask, [In, Out] byte[] status);
}
