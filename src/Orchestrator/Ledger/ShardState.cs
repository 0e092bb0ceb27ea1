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
}
