namespace Pipeline.Orchestrator.Dispatching;

/// <summary>What a shard has been through since it was planned or reopened.</summary>
/// <param name="Faults">Attempts that ended in a fault, crashes left out.</param>
/// <param name="For">Time since the first fault.</param>
internal sealed record ShardTrouble(int Faults, TimeSpan For);
