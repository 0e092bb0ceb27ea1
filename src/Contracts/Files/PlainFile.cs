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

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is a folder, device or pipe.</exception>
    public static byte[] Read(string path)
    {
        if (Exists(path))
            return File.ReadAllBytes(path);
        if (!Path.Exists(path))
            throw new FileNotFoundException($"{path} does not exist", path);
        throw new InvalidDataException($"{path} is {(Directory.Exists(path) ? "a folder" : "a device or a pipe")}; expected a file");
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Status(int folder, byte[] path, int flags, uint mask, [In, Out] byte[] status);
}
