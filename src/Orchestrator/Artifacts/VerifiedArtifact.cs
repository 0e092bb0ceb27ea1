using System.Security.Cryptography;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;

namespace Pipeline.Orchestrator.Artifacts;

/// <summary>Reads an artifact that must have the bytes the ledger or a message says.</summary>
internal static class VerifiedArtifact
{
    /// <param name="most">Bytes it may have.</param>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    /// <exception cref="InvalidDataException">Its hash differs, or it has more bytes.</exception>
    public static async Task<MemoryStream> ReadAsync(IArtifactStore artifacts, string name, string sha256, long most, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(name, token);
        await using var limited = new LimitedStream(stream, name, most);
        var bytes = new MemoryStream();
        await limited.CopyToAsync(bytes, token);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        if (found != sha256)
            throw new InvalidDataException($"{name} is damaged: its SHA-256 is {found}, announced was {sha256}.");
        bytes.Position = 0;
        return bytes;
    }
}
