namespace Pipeline.Contracts.Api;

/// <summary>A worker as it last announced itself.</summary>
/// <param name="Name">Of its process.</param>
/// <param name="Queues">Queues it takes shards from.</param>
/// <param name="Slots">Shards it runs at once.</param>
/// <param name="Busy">Shards it works on.</param>
/// <param name="Live">It was seen lately and is not leaving, so shards are sent to its queues.</param>
/// <param name="Leaving">It takes nothing more.</param>
/// <param name="CodeVersion">Version of its code.</param>
/// <param name="Device"><c>cpu</c> or a GPU.</param>
public sealed record WorkerStatus(
    string Name,
    IReadOnlyList<string> Queues,
    int Slots,
    int Busy,
    bool Live,
    bool Leaving,
    string CodeVersion,
    string Device,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt);
