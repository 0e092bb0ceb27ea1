using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>A shard whose next attempt was just counted and is to be sent.</summary>
internal sealed record ClaimedShard(
    Guid Job, int Index, int Attempt, int Epoch, int Round, string Slice, int Skip, int Samples, int FirstVariant, int Variants)
{
    /// <param name="lease">How long it is believed to be worked on without a sign of life.</param>
    public ProcessShard ToMessage(TimeSpan lease) =>
        new(Job, Index, Attempt, ArtifactNames.Job(Job, Round), Slice, new ShardPart(Skip, Samples, FirstVariant, Variants)) { Epoch = Epoch, Lease = lease };
}
