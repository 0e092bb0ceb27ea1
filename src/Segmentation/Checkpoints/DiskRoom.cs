using System.Globalization;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Whether a disk has room for what is to be written.</summary>
internal static class DiskRoom
{
    // Headers, tokenizer and configuration.
    private const long Beside = 16 << 20;

    /// <param name="folder">Where it is to be written; need not exist.</param>
    /// <param name="bytes">Of all tensors.</param>
    /// <exception cref="IOException">There is too little; says how much is needed and how much there is.</exception>
    public static void Require(string folder, long bytes)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        var free = new DriveInfo(existing).AvailableFreeSpace;
        if (free < bytes + Beside)
            throw new IOException($"{folder}: {Gigabytes(bytes + Beside)} GB are needed and its disk has {Gigabytes(free)} GB free; nothing was written");
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
