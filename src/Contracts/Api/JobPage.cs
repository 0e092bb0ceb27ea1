namespace Pipeline.Contracts.Api;

/// <summary>Part of the list of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="Next">Give it as <c>after</c> for the next part; null on the last.</param>
public sealed record JobPage(IReadOnlyList<JobSummary> Jobs, string? Next);
