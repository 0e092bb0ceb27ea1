namespace Pipeline.Contracts.Files;

/// <summary>Reads files of others into memory, up to a limit.</summary>
public static class LimitedFile
{
    /// <param name="path">A file. What has no length, such as a pipe or a device, is not even opened and counts as empty.</param>
    /// <param name="most">Bytes it may have.</param>
    /// <param name="setting">Where the limit comes from, for the message; null for one that cannot be changed.</param>
    /// <exception cref="InvalidDataException">It has more.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string path, long most, string? setting = null)
    {
        var length = new FileInfo(path).Length;
        if (length > most)
            throw new InvalidDataException($"{path}: has {length} bytes; at most {most} are read{(setting is null ? "" : $" ({setting})")}");
        if (length == 0)
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        // What is written to it meanwhile is not read, so that the limit holds.
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, stream.Length));
        stream.ReadExactly(bytes);
        return bytes;
    }
}
