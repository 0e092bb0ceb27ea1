using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Messages;

/// <summary>From a worker: the shard's result is stored.</summary>
/// <param name="Result">Artifact in the format of <see cref="Results.ShardResult"/>.</param>
public sealed record ShardCompleted(Guid Job, int Shard, int Attempt, string Worker, ArtifactReference Result);
