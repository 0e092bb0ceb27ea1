namespace Pipeline.Contracts.Messages;

/// <summary>To all workers: drop this job's shards, whoever asked for it.</summary>
public sealed record JobStopped(Guid Job, string Reason);
