using Pipeline.Contracts.Artifacts;

namespace Pipeline.Orchestrator.Planning;

/// <summary>A shard as the planner cut it.</summary>
/// <param name="First">Position of its first sample in the manifest.</param>
internal sealed record PlannedShard(int Index, long First, int Samples, int Expressions, ArtifactReference Slice);
