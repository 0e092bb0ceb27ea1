namespace Pipeline.Contracts.Artifacts;

/// <summary>An artifact as a listing shows it.</summary>
/// <param name="Name">Name in the store.</param>
/// <param name="Bytes">Length.</param>
/// <param name="ModifiedAt">When it was stored.</param>
public sealed record StoredArtifact(string Name, long Bytes, DateTimeOffset ModifiedAt);
