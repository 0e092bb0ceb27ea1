namespace Pipeline.Orchestrator.Jobs;

/// <summary>One thing that went wrong in a job; what does not apply is null.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="At">When it was noticed; of a prediction, when its shard was done.</param>
/// <param name="Shard">Index of the shard.</param>
/// <param name="Attempt">Which try at the shard.</param>
/// <param name="Worker">Name of the worker.</param>
/// <param name="Sample">Sample id.</param>
/// <param name="Expression">Index of the expression in its sample.</param>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Stage">Where it happened, such as <c>decode</c>.</param>
/// <param name="Reason">For a person.</param>
public sealed record FaultRecord(
    FaultKind Kind,
    DateTimeOffset? At,
    int? Shard,
    int? Attempt,
    string? Worker,
    string? Sample,
    int? Expression,
    string? Variant,
    string? Stage,
    string? Reason);
