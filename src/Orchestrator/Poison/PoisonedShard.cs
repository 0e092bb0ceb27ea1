namespace Pipeline.Orchestrator.Poison;

/// <summary>A shard that cost workers too often and is not to be sent as it is.</summary>
internal sealed record PoisonedShard(
    Guid Job, int Index, int Attempt, long First, int Skip, int Samples, int FirstVariant, int Variants, string Slice, string SliceSha256, int Crashes, int Losses);
