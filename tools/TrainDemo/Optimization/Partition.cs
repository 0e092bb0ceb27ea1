namespace Pipeline.TrainDemo.Optimization;

/// <summary>Who updates which parameter: the dearest first, each to the rank with the least to do.</summary>
internal static class Partition
{
    // Measured; only their ratios matter.
    private const double FlopsPerNanosecond = 70;
    private const double NanosecondsPerElement = 2.5;
    private const double NanosecondsPerParameter = 40_000;

    /// <returns>Indices into <paramref name="parameters"/> by rank, ascending; the same for the same parameters.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Over(int ranks, IReadOnlyList<TrainableParameter> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        var shares = Enumerable.Range(0, ranks).Select(_ => new List<int>()).ToArray();
        var loads = new double[ranks];
        var costs = parameters.Select(Cost).ToArray();
        foreach (var index in Enumerable.Range(0, costs.Length).OrderByDescending(index => costs[index]))
        {
            var idlest = Array.IndexOf(loads, loads.Min());
            loads[idlest] += costs[index];
            shares[idlest].Add(index);
        }

        return [.. shares.Select(share => share.Order().ToArray())];
    }

    /// <returns>About a step's nanoseconds.</returns>
    private static double Cost(TrainableParameter parameter)
    {
        var elements = parameter.Value.numel();
        var cost = NanosecondsPerParameter + (elements * NanosecondsPerElement);
        if (parameter.Rule == UpdateRule.AdamW)
            return cost;
        var (height, width) = (parameter.Value.size(0) / parameter.Matrices, parameter.Value.size(1));
        double small = Math.Min(height, width);
        double large = Math.Max(height, width);
        // Five times x x', its square, and the polynomial times x.
        var flops = 5 * ((4 * small * small * large) + (2 * small * small * small));
        return cost + (parameter.Matrices * flops / FlopsPerNanosecond);
    }
}
