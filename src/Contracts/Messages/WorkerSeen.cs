namespace Pipeline.Contracts.Messages;

/// <summary>From a worker, every few seconds and when it leaves: it is there and this is what it can do. Shards are sent only where workers are.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Instance">Another one whenever the process starts anew.</param>
/// <param name="Queues">Queues it takes shards from; see <see cref="WorkQueues"/>.</param>
/// <param name="Slots">Shards it runs at once.</param>
/// <param name="CodeVersion">Version of its code.</param>
/// <param name="Device">Where its tensors live.</param>
/// <param name="Leaving">It takes nothing more.</param>
public sealed record WorkerSeen(
    string Worker, Guid Instance, IReadOnlyList<string> Queues, int Slots, string CodeVersion, string Device, bool Leaving);
