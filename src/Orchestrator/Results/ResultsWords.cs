using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>What the page and both forms of its figure say alike.</summary>
internal static class ResultsWords
{
    public const string FlopsAxis = "FLOPs of the language model, % of none";

    public const string GiouAxis = "gIoU, %";

    public static string Title(Report report) => $"{report.Name}: accuracy against work, each method's best setting per budget";
}
