using System.Globalization;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Generated answers by variant, the same in every form of the report.</summary>
public static class AnswerTable
{
    public const string Legend = "What the model said, by variant: answers by the number of masks they ask for, those cut off by a limit, new tokens of an answer and their pace.";

    public static IReadOnlyList<string> Headings { get; } = ["answers", "no mask", "one", "several", "cut off", "new tokens", "decode ms", "tokens/s"];

    /// <returns>False when answers were forced.</returns>
    public static bool Has(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Variants.Any(variant => variant.Answers is not null);
    }

    /// <returns>One cell per heading.</returns>
    public static IReadOnlyList<string> Cells(VariantReport variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return variant.Answers is not { } answers
            ? [.. Headings.Select(_ => Numbers.None)]
            :
            [
                Numbers.Count(answers.Answers),
                Numbers.Count(answers.WithoutMask),
                Numbers.Count(answers.WithOneMask),
                Numbers.Count(answers.WithSeveralMasks),
                Numbers.Count(answers.Truncated),
                Numbers.Tokens(answers.MeanNewTokens),
                Numbers.Times(answers.DecodeMilliseconds),
                answers.TokensPerSecond?.ToString("N1", CultureInfo.InvariantCulture) ?? Numbers.None,
            ];
    }
}
