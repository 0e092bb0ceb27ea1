namespace Pipeline.Orchestrator.Dispatching;

/// <summary>A shard whose next attempt was just counted and is to be sent.</summary>
internal sealed record ClaimedShard(Guid Job, int Index, int Attempt, string Slice);
