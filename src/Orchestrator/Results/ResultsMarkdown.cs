using System.Globalization;
using System.Text;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>Lays out a page of results: where it is from, what people wrote, a section for each report, how to read it.</summary>
internal static class ResultsMarkdown
{
    private const int Best = 3;
    private const string Reimplementation = " †";

    private static readonly string[] FactsLeftOut = ["job", "submitted", "duration"];

    public static string Render(IReadOnlyList<ResultsSection> sections, string command, string notes)
    {
        Report[] reports = [.. sections.Select(section => section.Report)];
        var text = new StringBuilder();
        AppendHead(text, reports, command);
        text.Append('\n').Append(HandwrittenNotes.Opening).Append(notes).Append(HandwrittenNotes.Closing).Append('\n');
        foreach (var section in sections)
            AppendSection(text, section);
        AppendReading(text, reports);
        return text.ToString();
    }

    private static void AppendHead(StringBuilder text, Report[] reports, string command)
    {
        text.Append("# Results\n\nMade from the final ").Append(reports.Length == 1 ? "report" : "reports").Append(" of `pipeline run` by\n\n```\n").Append(command)
            .Append("\n```\n\nOnly what stands between the marks `notes` is written by hand, and stays when the page is made again.\n\n");
        var columns = reports.Select(report => ReportNotes.Facts(report).Where(fact => !FactsLeftOut.Contains(fact.Name)).ToArray()).ToArray();
        text.Append("| job | ").AppendJoin(" | ", reports.Select(report => ReportMarkdown.Escape(report.Name)))
            .Append(" |\n|---|").AppendJoin("|", reports.Select(_ => "---")).Append("|\n");
        for (var row = 0; row < columns[0].Length; row++)
            text.Append("| ").Append(columns[0][row].Name).Append(" | ").AppendJoin(" | ", columns.Select(column => ReportMarkdown.Escape(column[row].Value))).Append(" |\n");
    }

    private static void AppendSection(StringBuilder text, ResultsSection section)
    {
        var (report, tradeoff, figure) = section;
        text.Append("\n## ").Append(ReportMarkdown.Escape(report.Name)).Append("\n\n");
        foreach (var warning in ReportNotes.Warnings(report))
            text.Append("> **").Append(ReportMarkdown.Escape(warning)).Append("**\n\n");
        text.Append("![").Append(ReportMarkdown.Escape(ResultsWords.Title(report))).Append("](").Append(figure.SvgFile).Append(")\n\nThe same as a [Vega-Lite specification](")
            .Append(figure.VegaLiteFile).Append(") with all variants' data.\n");
        AppendBest(text, tradeoff);
        AppendAll(text, report, tradeoff);
    }

    private static void AppendBest(StringBuilder text, Tradeoff tradeoff)
    {
        text.Append("\n### The three best of every budget\n\n| budget | | variant | gIoU | Δ none [95 %] | Δ best [95 %] | cIoU | fewer FLOPs |\n|---|---:|---|---:|---:|---:|---:|---:|\n");
        foreach (var budget in tradeoff.Budgets)
        {
            foreach (var (variant, rank) in budget.Variants.Take(Best).Select((variant, index) => (variant, index + 1)))
            {
                text.AppendJoin(" | ",
                    $"| {(rank == 1 ? $"{budget.Label(tradeoff.None)}, {Of(budget.Variants.Count)}" : "")}",
                    rank,
                    NameOf(variant),
                    Numbers.Percent(variant.Giou),
                    Numbers.Difference(variant.DifferenceToNone?.Giou),
                    Numbers.Difference(variant.DifferenceToBest?.Giou),
                    Numbers.Percent(variant.Ciou),
                    $"{Saved(variant, tradeoff.None)} |\n");
            }
        }
    }

    private static void AppendAll(StringBuilder text, Report report, Tradeoff tradeoff)
    {
        text.Append("\n### All variants\n\n| budget | variant | method | visual tokens | of none | fewer FLOPs | gIoU | cIoU | Δ gIoU [95 %] | beyond zero |\n|---|---|---|---:|---:|---:|---:|---:|---:|---|\n");
        AppendRow(text, "", tradeoff.None, tradeoff.None);
        foreach (var budget in tradeoff.Budgets)
        {
            foreach (var variant in budget.Variants)
                AppendRow(text, budget.Label(tradeoff.None), variant, tradeoff.None);
        }

        var shown = tradeoff.Budgets.SelectMany(budget => budget.Variants).Append(tradeoff.None).Select(variant => variant.Name).ToHashSet();
        foreach (var variant in report.Variants.Where(variant => !shown.Contains(variant.Name)))
            AppendRow(text, "nothing measured", variant, tradeoff.None);
    }

    private static void AppendRow(StringBuilder text, string budget, VariantReport variant, VariantReport none) =>
        text.AppendJoin(" | ",
            $"| {budget}",
            NameOf(variant),
            ReportMarkdown.Escape(variant.Method),
            Numbers.Tokens(variant.AverageVisualTokens),
            Share(variant.AverageVisualTokens / none.AverageVisualTokens),
            Saved(variant, none),
            Numbers.Percent(variant.Giou),
            Numbers.Percent(variant.Ciou),
            Numbers.Difference(variant.DifferenceToNone?.Giou),
            $"{Verdict(variant.DifferenceToNone?.Giou)} |\n");

    private static void AppendReading(StringBuilder text, Report[] reports)
    {
        text.Append("\n## How to read it\n\n");
        foreach (var note in ReadingNotes(reports))
            text.Append("- ").Append(note).Append('\n');
    }

    private static IEnumerable<string> ReadingNotes(Report[] reports)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"A *budget* holds the variants that cost the same as measured, to within {EqualBudget.Tolerance:P0} of its dearest: equal FLOPs where the job sets `flops`, else equal visual tokens, mean over decoder layers and predictions. Budgets go from dear to cheap, their variants from best to worst gIoU.");
        yield return "gIoU: mean of the expressions' IoU. cIoU: sum of intersections over sum of unions. Both in percent, as LISA evaluates.";
        yield return "*Δ none*, *Δ gIoU*: gIoU minus that of `none`; *Δ best*: minus that of the best of the budget. In percentage points. *Beyond zero* says `better` or `worse` where the interval leaves zero out, `no` where it does not.";
        foreach (var method in reports.Select(report => report.IntervalMethod).Distinct())
            yield return $"Intervals: {ReportMarkdown.Escape(method)}. They are not widened for the number of variants, nor for the best having been chosen on the same samples: a setting that was sought out among many looks better than it is.";
        foreach (var convention in reports.Select(report => report.FlopsConvention).Distinct())
            yield return $"FLOPs: {ReportMarkdown.Escape(convention)}.";
        yield return "The figure shows, for every method, its best setting in each budget. Times are left out: they belong to a machine, not to a method.";
        if (reports.Any(report => report.Variants.Any(variant => variant.Reimplementation)))
            yield return $"{Reimplementation.Trim()} A {ReportNotes.Reimplementation}: it computes what the method's paper says; what the paper leaves open is ours, so results are not the paper's.";
    }

    private static string NameOf(VariantReport variant) => ReportMarkdown.Escape(variant.Name) + (variant.Reimplementation ? Reimplementation : "");

    private static string Of(int variants) => string.Create(CultureInfo.InvariantCulture, $"{variants} {(variants == 1 ? "variant" : "variants")}");

    private static string Saved(VariantReport variant, VariantReport none) => Share(1 - (variant.TflopsPerSample / none.TflopsPerSample));

    private static string Share(double? share) => share is { } value ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %" : Numbers.None;

    private static string Verdict(Estimate? difference) => difference switch
    {
        null => Numbers.None,
        { Low: > 0 } => "better",
        { High: < 0 } => "worse",
        _ => "no",
    };
}
