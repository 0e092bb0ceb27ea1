using System.Globalization;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Cli.Run;

/// <summary>The report's table for the terminal.</summary>
internal static class RunSummary
{
    public static void Write(Report report, TextWriter output)
    {
        var table = new TextTable("variant", "samples", "failures", "gIoU", "cIoU", "gIoU - none (95 %)", "visual tokens", "TFLOPs", "LLM ms", "total ms");
        foreach (var variant in report.Variants)
        {
            table.Add(
                variant.Name,
                Number(variant.Samples, "0"),
                Number(variant.Failures, "0"),
                Number(variant.Giou, "0.0000"),
                Number(variant.Ciou, "0.0000"),
                Interval(variant.DifferenceToNone?.Giou),
                Number(variant.AverageVisualTokens, "0.0"),
                Number(variant.TflopsPerSample, "G3"),
                Number(variant.LlmMilliseconds.Median, "0.0"),
                Number(variant.TotalMilliseconds.Median, "0.0"));
        }

        table.Write(output);
        if (AnswerTable.Has(report))
            WriteAnswers(report, output);
        if (report.RandomWeights)
            output.WriteLine("The checkpoint's weights are random: masks and overlaps mean nothing.");
    }

    private static void WriteAnswers(Report report, TextWriter output)
    {
        var table = new TextTable(["variant", .. AnswerTable.Headings]);
        foreach (var variant in report.Variants)
            table.Add([variant.Name, .. AnswerTable.Cells(variant)]);
        output.WriteLine();
        table.Write(output);
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Interval(Estimate? estimate) => estimate is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:+0.0000;-0.0000;0.0000} [{estimate.Low:+0.0000;-0.0000;0.0000}, {estimate.High:+0.0000;-0.0000;0.0000}]");
}
