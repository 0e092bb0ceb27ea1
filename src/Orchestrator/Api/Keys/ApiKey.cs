namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>A key as it is kept: not the key itself.</summary>
/// <param name="Name">Unique among the keys; letters, digits, '-', '_' and '.', at most 64.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Sha256">SHA-256 of the key's text, lower-case hex.</param>
public sealed record ApiKey(string Name, ApiScope Scope, string Sha256, DateTimeOffset CreatedAt)
{
    /// <summary>From then on it is refused; null for a key that does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since then it is refused.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>It may be used.</summary>
    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);
}
