namespace Pipeline.Orchestrator.Ledger;

/// <summary>Where a shard stands. Stored in lower case.</summary>
internal enum ShardState
{
    /// <summary>To be dispatched, not before its time.</summary>
    Waiting,

    /// <summary>Its newest attempt was handed to a worker queue.</summary>
    Sent,

    /// <summary>Its predictions are in the ledger.</summary>
    Done,

    /// <summary>Crashed too often as a whole: its halves are shards of their own now.</summary>
    Split,
}
