using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>Accuracy against work in one report: the best setting of every method at every budget.</summary>
/// <param name="None">The unpruned model.</param>
/// <param name="Budgets">The variants at equal cost.</param>
/// <param name="Curves">One per method, in the order in which the job names them.</param>
internal sealed record Tradeoff(VariantReport None, IReadOnlyList<EqualBudget> Budgets, IReadOnlyList<Curve> Curves)
{
    /// <exception cref="InvalidDataException">The report has nothing to compare with.</exception>
    public static Tradeoff Of(Report report)
    {
        var none = report.Variants.FirstOrDefault(variant => variant.Method == ReferenceVariant.Method)
            ?? throw new InvalidDataException($"the report of {report.Name} has no variant 'none', which the others are compared with; add it to the job");
        if (none is not { Giou: not null, AverageVisualTokens: > 0, TflopsPerSample: > 0 })
            throw new InvalidDataException($"the report of {report.Name} measured nothing of the variant 'none', which the others are compared with");
        var budgets = EqualBudget.Of(report.Variants);
        var curves =
            from method in report.Variants.Select(variant => variant.Method).Distinct()
            let best = budgets.Select(budget => budget.Variants.FirstOrDefault(variant => variant.Method == method)).OfType<VariantReport>().ToArray()
            where best.Length > 0
            select new Curve(method, [.. best.Select(variant => At(variant, none)).OrderBy(point => point.Flops)]);
        return new Tradeoff(none, budgets, [.. curves]);
    }

    /// <summary>Where a variant lies; both in percent.</summary>
    public static Point At(VariantReport variant, VariantReport none) =>
        new(variant, 100 * variant.TflopsPerSample!.Value / none.TflopsPerSample!.Value, 100 * variant.Giou!.Value);
}
