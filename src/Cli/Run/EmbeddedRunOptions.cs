namespace Pipeline.Cli.Run;

/// <summary>Where an embedded run puts things.</summary>
/// <param name="OutFolder">Gets artifacts, ledger and report.</param>
/// <param name="LedgerConnection">PostgreSQL to use; null for a private cluster that the run starts and stops.</param>
/// <param name="JobFile">The job file as it was named, for messages and the report.</param>
/// <param name="Slots">Shards run at once; null to go by cores, checkpoint and memory.</param>
public sealed record EmbeddedRunOptions(string OutFolder, string? LedgerConnection, string JobFile, int? Slots = null);
