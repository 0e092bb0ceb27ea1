namespace Pipeline.Orchestrator.Results;

/// <summary>A method through its budgets.</summary>
/// <param name="Points">From few FLOPs to many; at least one.</param>
internal sealed record Curve(string Method, IReadOnlyList<Point> Points);
