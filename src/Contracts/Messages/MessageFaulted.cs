namespace Pipeline.Contracts.Messages;

/// <summary>A message that could not be handled, so that it does not vanish: kept in the ledger for whoever looks after the job.</summary>
/// <param name="Queue">Where it came from.</param>
/// <param name="Job">Its job, where that could be read.</param>
/// <param name="Shard">Its shard, where that could be read.</param>
/// <param name="Body">The message as it came, at most 64 KiB of it.</param>
/// <param name="Reason">What went wrong.</param>
public sealed record MessageFaulted(string Queue, Guid? Job, int? Shard, string Body, string Reason);
