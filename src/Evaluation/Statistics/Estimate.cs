namespace Pipeline.Evaluation.Statistics;

/// <summary>A number with its 95 % interval.</summary>
/// <param name="Value">From the data itself.</param>
/// <param name="Low">2.5 % of the bootstrap replicates lie below.</param>
/// <param name="High">2.5 % of the bootstrap replicates lie above.</param>
public sealed record Estimate(double Value, double Low, double High);
