namespace Pipeline.Orchestrator.Ledger;

/// <summary>Where a job stands. Stored in lower case.</summary>
public enum JobState
{
    /// <summary>Its manifest is being written.</summary>
    Planning,

    /// <summary>Its shards may be dispatched.</summary>
    Running,

    /// <summary>Every shard is done.</summary>
    Done,

    /// <summary>Ended before all was done because too much failed; the row says why. What is done stays.</summary>
    Stopped,

    /// <summary>Ended before all was done because its user wanted so. What is done stays.</summary>
    Cancelled,

    /// <summary>Its artifacts and rows are being removed.</summary>
    Deleting,
}
