namespace Pipeline.Orchestrator.Jobs;

/// <summary>What a job is submitted with beside its specification.</summary>
/// <param name="Priority">-100 to 100; larger ones go first.</param>
/// <param name="By">Name of the key that it was submitted with; null from the command line of an embedded run.</param>
public sealed record SubmitOptions(int Priority = 0, string? By = null);
