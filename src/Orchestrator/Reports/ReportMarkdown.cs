using System.Text;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The report for a terminal, a pull request or a diff.</summary>
internal static class ReportMarkdown
{
    public static string Render(Report report)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(Escape(report.Name)).Append(report.Final ? "\n\n" : " (partial)\n\n");
        foreach (var warning in ReportNotes.Warnings(report))
            text.Append("> **").Append(Escape(warning)).Append("**\n\n");

        text.Append("| variant | samples | failures | gIoU | Δ gIoU [95 %] | cIoU | Δ cIoU [95 %] | visual tokens | TFLOPs | LLM ms | total ms |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var variant in report.Variants)
        {
            text.AppendJoin(" | ",
                $"| {Name(variant)}",
                Numbers.Count(variant.Samples),
                Numbers.Count(variant.Failures),
                Numbers.Percent(variant.Giou),
                Numbers.Difference(variant.DifferenceToNone?.Giou),
                Numbers.Percent(variant.Ciou),
                Numbers.Difference(variant.DifferenceToNone?.Ciou),
                Numbers.Tokens(variant.AverageVisualTokens),
                Numbers.Tflops(variant.TflopsPerSample),
                Numbers.Times(variant.LlmMilliseconds),
                $"{Numbers.Times(variant.TotalMilliseconds)} |\n");
        }

        AppendKinds(text, report);
        AppendAnswers(text, report);
        text.Append('\n');
        foreach (var note in ReportNotes.Notes(report))
            text.Append("- ").Append(Escape(note)).Append('\n');
        text.Append("\n| | |\n|---|---|\n");
        foreach (var (name, value) in ReportNotes.Facts(report))
            text.Append("| ").Append(name).Append(" | ").Append(Escape(value)).Append(" |\n");
        if (report.FirstFailures.Count > 0)
            AppendFailures(text, report);
        return text.ToString();
    }

    private static void AppendKinds(StringBuilder text, Report report)
    {
        var kinds = KindTable.Kinds(report);
        if (kinds.Count == 0)
            return;
        text.Append('\n').Append(KindTable.Legend).Append("\n\n| variant | ").AppendJoin(" | ", kinds.Select(kind => Escape(KindTable.Heading(report, kind))))
            .Append(" |\n|---|").AppendJoin("", kinds.Select(_ => "---:|")).Append('\n');
        foreach (var variant in report.Variants)
            text.Append("| ").Append(Name(variant)).Append(" | ").AppendJoin(" | ", kinds.Select(kind => KindTable.Cell(variant, kind))).Append(" |\n");
    }

    private static void AppendAnswers(StringBuilder text, Report report)
    {
        if (!AnswerTable.Has(report))
            return;
        text.Append('\n').Append(AnswerTable.Legend).Append("\n\n| variant | ").AppendJoin(" | ", AnswerTable.Headings)
            .Append(" |\n|---|").AppendJoin("", AnswerTable.Headings.Select(_ => "---:|")).Append('\n');
        foreach (var variant in report.Variants)
            text.Append("| ").Append(Name(variant)).Append(" | ").AppendJoin(" | ", AnswerTable.Cells(variant)).Append(" |\n");
    }

    private static void AppendFailures(StringBuilder text, Report report)
    {
        text.Append("\n## Failed predictions, the first of ").Append(Numbers.Count(report.Failures)).Append("\n\n| sample | expression | variant | stage | reason |\n|---|---:|---|---|---|\n");
        foreach (var failure in report.FirstFailures)
            text.Append($"| {Escape(failure.Sample)} | {failure.Expression} | {Escape(failure.Variant)} | {Escape(failure.Stage)} | {Escape(failure.Reason)} |\n");
    }

    private static string Name(VariantReport variant) => $"{Escape(variant.Name)}{(variant.Reimplementation ? $" ({ReportNotes.Reimplementation})" : "")}";

    /// <summary>Nothing a name or reason holds becomes markup or breaks a table.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var letter in text.ReplaceLineEndings(" "))
        {
            if (letter is '|' or '[' or ']' or '*' or '_' or '`' or '\\')
                safe.Append('\\');
            safe.Append(letter switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", _ => letter.ToString() });
        }

        return safe.ToString();
    }
}
