using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Children;

/// <summary>A <see cref="Shards.ShardException"/> on its way from the child.</summary>
internal sealed record ChildFault(FaultClass Class, string Stage, string Reason);
