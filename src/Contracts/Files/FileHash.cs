using System.Security.Cryptography;

namespace Pipeline.Contracts.Files;

/// <summary>The content hash of an image file.</summary>
public static class FileHash
{
    /// <summary>Bytes up to which a file is hashed while a job is planned; no worker may be told to read a larger one.</summary>
    public const int LargestFile = 1 << 30;

    /// <returns>SHA-256 in lower-case hex; null where the file cannot be read or is too large.</returns>
    internal static async Task<string?> OfAsync(string path, CancellationToken token)
    {
        try
        {
            if (FileStamp.Of(path) is not { Length: <= LargestFile })
                return null;
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
