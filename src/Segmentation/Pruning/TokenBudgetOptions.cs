using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>The four ways to say how much of the visual tokens is kept.</summary>
public abstract record TokenBudgetOptions
{
    /// <summary>Name of the group of the four parameters.</summary>
    public const string Group = "budget";

    [Parameter(ParameterKind.Ratio, "Share of the visual tokens that is left after the last layer; rounded half to even, at least one token", OneOf = Group)]
    public double? Keep { get; init; }

    [Parameter(ParameterKind.TokenCount, "Number of visual tokens that is left after the last layer", Minimum = 1, OneOf = Group)]
    public int? Count { get; init; }

    [Parameter(ParameterKind.Number, "Mean number of visual tokens per layer", Minimum = 0, AboveMinimum = true, OneOf = Group)]
    public double? Average { get; init; }

    [Parameter(ParameterKind.Ratio, "Share left of the FLOPs of the visual tokens (PyramidDrop's convention)", OneOf = Group)]
    public double? Flops { get; init; }

    /// <summary>The one that is given; null for none.</summary>
    public Budget? Budget =>
        Keep is { } keep ? new Budget(BudgetUnit.Keep, keep)
        : Count is { } count ? new Budget(BudgetUnit.Count, count)
        : Average is { } average ? new Budget(BudgetUnit.Average, average)
        : Flops is { } flops ? new Budget(BudgetUnit.Flops, flops)
        : null;

    /// <summary>Visual tokens that a method with a single stage keeps so that the budget is met; all of them without a budget.</summary>
    /// <param name="layer">First layer that runs on the kept ones; all visual tokens go through those before it.</param>
    /// <param name="model">Sizes of the model.</param>
    /// <exception cref="PruningSettingException">The budget cannot be met.</exception>
    public int KeptFrom(int layer, ModelShape model)
    {
        PruningSettingException.ThrowIfNoLayer("layer", layer, 0, model);
        return Budget?.Meet(model, share => Schedule.Of(model, (layer, Pruning.Budget.Tokens(share, model.VisualTokens)))).VisualTokens[layer] ?? model.VisualTokens;
    }
}
