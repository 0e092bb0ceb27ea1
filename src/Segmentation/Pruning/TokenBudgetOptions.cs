using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>How many visual tokens are kept: a share of them or a number.</summary>
public abstract record TokenBudgetOptions
{
    [Parameter(ParameterKind.Ratio, "Share of the visual tokens that is kept; rounded half to even, at least one token", OneOf = "budget")]
    public double? Keep { get; init; }

    [Parameter(ParameterKind.TokenCount, "Number of visual tokens that is kept", Minimum = 1, OneOf = "budget")]
    public int? Count { get; init; }

    /// <exception cref="ArgumentException">More than there are.</exception>
    public int Budget(int visualTokens)
    {
        var budget = Count ?? (Keep is { } share ? Pruning.Budget.Of(share, visualTokens) : visualTokens);
        return budget <= visualTokens ? budget : throw new ArgumentException($"count {budget} is beyond this model's {visualTokens} visual tokens");
    }
}
