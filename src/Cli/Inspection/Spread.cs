namespace Pipeline.Cli.Inspection;

/// <summary>Where values lie.</summary>
/// <param name="Median">The lower one of two.</param>
internal sealed record Spread<T>(T Min, T Median, T Max);
