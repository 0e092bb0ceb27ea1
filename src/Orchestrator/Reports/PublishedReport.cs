using Pipeline.Contracts.Artifacts;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A report and its files in the artifact store.</summary>
/// <param name="Report">Its numbers.</param>
/// <param name="Json"><c>report.json</c>.</param>
/// <param name="Markdown"><c>report.md</c>.</param>
/// <param name="Html"><c>report.html</c>, self-contained.</param>
public sealed record PublishedReport(Report Report, ArtifactReference Json, ArtifactReference Markdown, ArtifactReference Html);
