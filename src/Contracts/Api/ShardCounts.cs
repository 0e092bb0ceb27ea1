namespace Pipeline.Contracts.Api;

/// <summary>How many shards of a job are where.</summary>
/// <param name="Waiting">To be dispatched.</param>
/// <param name="Sent">Handed to workers.</param>
/// <param name="Done">With their predictions in the ledger.</param>
/// <param name="Split">Crashed too often and were split; their halves are counted by themselves.</param>
/// <param name="Quarantined">Of those that are done: single samples that crashed too often, recorded as failed.</param>
public sealed record ShardCounts(long Waiting, long Sent, long Done, long Split, long Quarantined);
