using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Orchestrator.Artifacts;

/// <summary>Reads a manifest slice, held to the hash in the ledger.</summary>
internal static class SliceArtifact
{
    /// <exception cref="FileNotFoundException">There is no such slice.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static async Task<IReadOnlyList<Sample>> ReadAsync(IArtifactStore artifacts, string name, string sha256, CancellationToken token)
    {
        using var bytes = await VerifiedArtifact.ReadAsync(artifacts, name, sha256, ManifestSlice.Largest, token);
        return await ManifestSlice.ReadAsync(bytes, name, token);
    }
}
