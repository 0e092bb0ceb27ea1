namespace Pipeline.Orchestrator.Reports;

/// <summary>One failed prediction.</summary>
/// <param name="Sample">Sample id.</param>
/// <param name="Expression">Index of the expression in its sample.</param>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Stage">Where it failed.</param>
/// <param name="Reason">For a person.</param>
public sealed record FailureReport(string Sample, int Expression, string Variant, string Stage, string Reason);
