namespace Pipeline.Contracts.Messages;

/// <summary>What kind of fault it was, and so what is done about it.</summary>
public enum FaultClass
{
    /// <summary>May go away by itself: tried again with back-off and jitter.</summary>
    Transient,

    /// <summary>Out of memory: tried again with half the batch.</summary>
    Capacity,

    /// <summary>The input itself: recorded as failed with its stage and reason.</summary>
    Poison,

    /// <summary>Dropped on request or handed back: no fault.</summary>
    Cancelled,

    /// <summary>The process that ran the model died or hung: after two the shard is split, a single sample is quarantined.</summary>
    Crash,

    /// <summary>This worker cannot run it: another code version, other weights. No fault of the shard.</summary>
    Refused,
}
