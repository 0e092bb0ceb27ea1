namespace Pipeline.Contracts.Messages;

/// <summary>From a worker, at most once a second per shard: still alive, this far.</summary>
/// <param name="Samples">Samples of the shard that are done.</param>
public sealed record ShardProgress(Guid Job, int Shard, int Attempt, string Worker, int Samples);
