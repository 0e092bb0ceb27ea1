namespace Pipeline.Contracts.Messages;

/// <summary>To a worker: run this shard. Carries names only, never pixels or masks.</summary>
/// <param name="Job">Job id.</param>
/// <param name="Shard">Index of the shard in its job.</param>
/// <param name="Attempt">Counted in the ledger before this was sent; the fencing token.</param>
/// <param name="JobArtifact">Name of the <see cref="Results.ResolvedJob"/>.</param>
/// <param name="SliceArtifact">Name of the manifest slice.</param>
/// <param name="Part">Which samples of the slice, and which variants.</param>
public sealed record ProcessShard(Guid Job, int Shard, int Attempt, string JobArtifact, string SliceArtifact, ShardPart Part)
{
    /// <summary>Version of the messages, job and result formats that this code speaks. A worker refuses any other.</summary>
    public const int CurrentContract = 1;

    /// <summary>Version that the sender speaks.</summary>
    public int Contract { get; init; } = CurrentContract;

    /// <summary>How often the job had been halted when this was sent; see <see cref="JobHalted"/>.</summary>
    public int Epoch { get; init; }

    /// <summary>How long the shard is believed to be worked on without a sign of life; a worker gives four in that time.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);
}
