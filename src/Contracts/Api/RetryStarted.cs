namespace Pipeline.Contracts.Api;

/// <summary>What a retry put back to work.</summary>
/// <param name="Shards">Shards that wait again.</param>
/// <param name="Job">The job afterwards.</param>
public sealed record RetryStarted(int Shards, JobStatus Job);
