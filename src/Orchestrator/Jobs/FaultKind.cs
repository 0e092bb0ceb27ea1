namespace Pipeline.Orchestrator.Jobs;

/// <summary>What went wrong. Written in camel case.</summary>
public enum FaultKind
{
    /// <summary>An attempt at a shard gave no usable result.</summary>
    FailedAttempt,

    /// <summary>The worker of an attempt vanished.</summary>
    LostAttempt,

    /// <summary>A sample crashed too often; its predictions are recorded as failed.</summary>
    QuarantinedShard,

    /// <summary>A prediction has no mask.</summary>
    FailedPrediction,

    /// <summary>A message could not be handled.</summary>
    FaultedMessage,
}
