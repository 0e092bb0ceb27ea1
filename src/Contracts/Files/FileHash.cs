using System.Security.Cryptography;

namespace Pipeline.Contracts.Files;

/// <summary>The content hash of a file.</summary>
internal static class FileHash
{
    /// <returns>SHA-256 in lower-case hex; null where the file cannot be read.</returns>
    public static async Task<string?> OfAsync(string path, CancellationToken token)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
