namespace Pipeline.Benchmarks;

/// <summary>One line of the result.</summary>
/// <param name="Benchmark">The class.</param>
/// <param name="Case">What was done.</param>
/// <param name="Unit">Of the next three: us or ms per call, or what a counted value is counted in.</param>
/// <param name="Median">Of the samples.</param>
/// <param name="Minimum">Of the samples.</param>
/// <param name="Maximum">Of the samples.</param>
/// <param name="AllocatedBytes">Managed bytes per call; null for counted values.</param>
/// <param name="Samples">How many there are.</param>
public sealed record BenchmarkRow(
    string Benchmark, string Case, string Unit, double Median, double Minimum, double Maximum, double? AllocatedBytes, int Samples);
