using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>One report's part of a page.</summary>
internal sealed record ResultsSection(Report Report, Tradeoff Tradeoff, ResultsFigure Figure);
