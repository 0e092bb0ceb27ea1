namespace Pipeline.Contracts.Jobs;

/// <summary>How many failed predictions a job bears before it stops and says why. Both limits hold.</summary>
public sealed record FailureBudget
{
    /// <summary>Share of all predictions in percent, 0 to 100.</summary>
    /// <value>Default 5.</value>
    public double Percent { get; init; } = 5;

    /// <summary>Number of predictions; none by default.</summary>
    public long? Count { get; init; }
}
