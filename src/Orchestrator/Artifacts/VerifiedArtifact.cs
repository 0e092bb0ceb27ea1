using System.Security.Cryptography;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Orchestrator.Artifacts;

/// <summary>Reads an artifact that must have the bytes the ledger or a message says.</summary>
internal static class VerifiedArtifact
{
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    /// <exception cref="InvalidDataException">Its hash differs.</exception>
    public static async Task<MemoryStream> ReadAsync(IArtifactStore artifacts, string name, string sha256, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(name, token);
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, token);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        if (found != sha256)
            throw new InvalidDataException($"{name} is damaged: its SHA-256 is {found}, announced was {sha256}.");
        bytes.Position = 0;
        return bytes;
    }
}
