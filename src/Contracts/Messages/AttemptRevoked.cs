namespace Pipeline.Contracts.Messages;

/// <summary>To all workers: this attempt is no longer the one that is waited for; whoever works on it may stop. Answers a sign of life that came too late.</summary>
public sealed record AttemptRevoked(Guid Job, int Shard, int Attempt);
