namespace Pipeline.Orchestrator.Jobs;

/// <summary>What a retry set going again.</summary>
/// <param name="Shards">Shards that run again; 0 when nothing of the job had failed.</param>
public sealed record RetryOutcome(int Shards);
