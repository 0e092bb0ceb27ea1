namespace Pipeline.Contracts.Messages;

/// <summary>To a worker: run this shard. Carries names only, never pixels or masks.</summary>
/// <param name="Job">Job id.</param>
/// <param name="Shard">Index of the shard in its job.</param>
/// <param name="Attempt">Counted in the ledger before this was sent; the fencing token.</param>
/// <param name="JobArtifact">Name of the <see cref="Results.ResolvedJob"/>.</param>
/// <param name="SliceArtifact">Name of the manifest slice.</param>
public sealed record ProcessShard(Guid Job, int Shard, int Attempt, string JobArtifact, string SliceArtifact);
