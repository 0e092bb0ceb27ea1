using Pipeline.Chaos.Audit;

namespace Pipeline.Chaos;

/// <summary>What happened in a storm, and what the audit found.</summary>
/// <param name="Injected">Names of the faults that happened, in order.</param>
/// <param name="Attempts">Attempts by state, from the ledger.</param>
/// <param name="Verdict">Found from outside.</param>
public sealed record ChaosOutcome(IReadOnlyList<string> Injected, IReadOnlyDictionary<string, long> Attempts, Verdict Verdict);
