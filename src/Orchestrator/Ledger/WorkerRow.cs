namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>workers</c>: one process, as it last announced itself.</summary>
internal sealed class WorkerRow
{
    public Guid Instance { get; init; }

    public required string Name { get; init; }

    /// <summary>Queues it takes shards from.</summary>
    public required string[] Queues { get; init; }

    /// <summary>Shards it runs at once.</summary>
    public int Slots { get; init; }

    public required string CodeVersion { get; init; }

    public required string Device { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset SeenAt { get; init; }

    /// <summary>It takes nothing more.</summary>
    public bool Leaving { get; init; }
}
