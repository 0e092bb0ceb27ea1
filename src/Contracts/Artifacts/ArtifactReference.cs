namespace Pipeline.Contracts.Artifacts;

/// <summary>Points at stored bytes and says what they must be.</summary>
/// <param name="Name">Name in the store.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Length.</param>
public sealed record ArtifactReference(string Name, string Sha256, long Bytes);
