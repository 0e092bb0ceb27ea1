namespace Pipeline.Contracts.Api;

/// <summary>Part of the list of what went wrong with a job.</summary>
/// <param name="Faults">Newest first.</param>
/// <param name="Next">Give it as <c>after</c> for the next part; null on the last.</param>
public sealed record FaultPage(IReadOnlyList<FaultEntry> Faults, string? Next);
