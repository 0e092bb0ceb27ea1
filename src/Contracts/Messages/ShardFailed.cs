namespace Pipeline.Contracts.Messages;

/// <summary>From a worker: this attempt gave no result.</summary>
/// <param name="Class">Decides what follows.</param>
/// <param name="Stage">Where it happened, such as <c>load</c> or <c>infer</c>.</param>
/// <param name="Reason">For a person.</param>
public sealed record ShardFailed(Guid Job, int Shard, int Attempt, string Worker, FaultClass Class, string Stage, string Reason);
