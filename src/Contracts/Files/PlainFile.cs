using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Contracts.Files;

/// <summary>Tells files from devices and pipes, which may never end, or never begin, and which no dataset has any business to name.</summary>
public static partial class PlainFile
{
    /// <summary>Relative paths start from the current directory; links are followed.</summary>
    private const int Here = -100;

    private const uint TypeWanted = 1;

    /// <summary>struct statx of Linux, the same on every processor: 256 bytes, stx_mode at 28.</summary>
    private const int StatusLength = 256, ModeOffset = 28;

    private const int TypeMask = 0xF000, PlainType = 0x8000;

    /// <returns>Whether there is a file of that name that ends where its length says.</returns>
    public static bool Exists(string path)
    {
        var status = new byte[StatusLength];
        return Status(Here, Encoding.UTF8.GetBytes(path + '\0'), 0, TypeWanted, status) == 0 && (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) == PlainType;
    }

    /// <summary>Reads a whole file, up to a limit.</summary>
    /// <param name="most">Bytes it may have.</param>
    /// <param name="setting">Where the limit comes from, for the message; null for one that cannot be changed.</param>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is larger, or a folder, device or pipe.</exception>
    public static byte[] Read(string path, int most, string? setting = null)
    {
        if (!Exists(path))
        {
            throw Path.Exists(path)
                ? new InvalidDataException($"{path} is {(Directory.Exists(path) ? "a folder" : "a device or a pipe")}; expected a file")
                : new FileNotFoundException($"{path} does not exist", path);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (stream.Length > most)
            throw new InvalidDataException($"{path}: has {stream.Length} bytes; at most {most} are read{(setting is null ? "" : $" ({setting})")}");
        // What is written to it meanwhile is not read, so that the limit holds.
        var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Status(int folder, byte[] path, int flags, uint mask, [In, Out] byte[] status);
}
