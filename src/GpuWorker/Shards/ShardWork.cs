using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Shards;

/// <summary>A shard with everything its message only names.</summary>
/// <param name="Shard">The message.</param>
/// <param name="Job">Its job.</param>
/// <param name="Samples">The samples of its part of the slice.</param>
public sealed record ShardWork(ProcessShard Shard, ResolvedJob Job, IReadOnlyList<Sample> Samples);
