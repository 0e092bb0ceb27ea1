namespace Pipeline.Orchestrator.Ingest;

/// <summary>What became of an announced result.</summary>
internal enum IngestOutcome
{
    /// <summary>It is the one that counts.</summary>
    Counted,

    /// <summary>The shard was done already, the job has ended, or no such attempt was ever sent. Nothing changed.</summary>
    Ignored,

    /// <summary>The result is missing, damaged or incomplete; nothing of it counts and the shard is tried again.</summary>
    Refused,
}
