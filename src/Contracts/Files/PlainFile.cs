namespace Pipeline.Contracts.Files;

/// <summary>Tells files from devices and pipes, which may never end, or never begin, and which no dataset has any business to name.</summary>
public static class PlainFile
{
    /// <returns>Whether there is a file of that name that ends where its length says.</returns>
    public static bool Exists(string path) => FileStamp.Of(path) is not null;

    /// <summary>Says why a file is not read.</summary>
    /// <param name="most">Bytes it may have.</param>
    /// <param name="expected">What is wanted there, such as "a job file".</param>
    /// <param name="setting">Where the limit comes from; null for one that cannot be changed.</param>
    /// <returns>What follows the file's name in a message; null where it may be read.</returns>
    public static string? Refusal(string path, int most, string expected = "a file", string? setting = null)
    {
        if (FileStamp.Of(path) is { } file)
            return file.Length > most ? TooLong(file.Length, most, setting) : null;
        var found = Directory.Exists(path) ? "is a folder" : Path.Exists(path) ? "is a device or a pipe" : "does not exist";
        return $"{found}; expected {expected}";
    }

    /// <summary>Reads a whole file, up to a limit.</summary>
    /// <param name="most">Bytes it may have.</param>
    /// <param name="expected">What is wanted there, such as "a job file".</param>
    /// <param name="setting">Where the limit comes from; null for one that cannot be changed.</param>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is larger, or a folder, device or pipe.</exception>
    public static byte[] Read(string path, int most, string expected = "a file", string? setting = null)
    {
        if (Refusal(path, most, expected, setting) is { } refusal)
            throw Path.Exists(path) ? new InvalidDataException($"{path} {refusal}") : new FileNotFoundException($"{path} {refusal}", path);

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (stream.Length > most)
            throw new InvalidDataException($"{path} {TooLong(stream.Length, most, setting)}");
        // What is written to it meanwhile is not read, so that the limit holds.
        var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string TooLong(long length, int most, string? setting) => $"has {length} bytes; at most {most} are read{(setting is null ? "" : $" ({setting})")}";
}
