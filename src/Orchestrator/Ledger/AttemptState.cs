namespace Pipeline.Orchestrator.Ledger;

/// <summary>What became of one try at a shard. Stored in lower case.</summary>
internal enum AttemptState
{
    /// <summary>Handed to a worker queue.</summary>
    Sent,

    /// <summary>Its result is the one that counts.</summary>
    Done,

    /// <summary>It gave no usable result.</summary>
    Failed,

    /// <summary>Handed back without fault, such as by a worker that was asked to go.</summary>
    Released,

    /// <summary>Its worker gave no sign of life until the lease ran out.</summary>
    Lost,
}
