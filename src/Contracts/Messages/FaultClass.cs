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

    /// <summary>The job was stopped.</summary>
    Cancelled,
}
