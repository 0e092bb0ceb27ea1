using System.Globalization;
using System.Net;
using System.Text;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The report as one page that needs nothing else: no network, no script.</summary>
internal static class ReportHtml
{
    private static readonly string Style = ReadStyle();

    public static string Render(Report report, IReadOnlyList<OverlaySample> overlays)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n")
            .Append("<title>").Append(Text(report.Name)).Append("</title>\n<style>\n").Append(Style).Append("</style>\n</head>\n<body>\n<main>\n");
        AppendHead(page, report);
        AppendTable(page, report);
        page.Append("<ul class=\"notes\">\n");
        foreach (var note in ReportNotes.Notes(report))
            page.Append("<li>").Append(Text(note)).Append("</li>\n");
        page.Append("</ul>\n");
        AppendKinds(page, report);
        AppendAnswers(page, report);
        AppendFailures(page, report);
        OverlayHtml.Append(page, report, overlays);
        AppendFacts(page, report);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Text as text, whatever it holds.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The colour of a variant, the same in table and pictures: hues far from each other, none near the ground truth's green.</summary>
    public static string Colour(int variant)
    {
        const double FirstHue = 170, Hues = 290, GoldenSection = 0.618034, Blue = 0.16;
        var hue = (FirstHue + (Hues * ((Blue + (variant * GoldenSection)) % 1))) % 360;
        return string.Create(CultureInfo.InvariantCulture, $"hsl({hue:F0} 90% 58%)");
    }

    private static void AppendHead(StringBuilder page, Report report)
    {
        page.Append("<h1>").Append(Text(report.Name)).Append(report.Final ? "<span class=\"badge\">FINAL</span>" : "<span class=\"badge partial\">PARTIAL</span>").Append("</h1>\n")
            .Append("<p class=\"lead\">").Append(Numbers.Count(report.Samples)).Append(" of ").Append(Numbers.Count(report.SamplesPlanned)).Append(" samples, ")
            .Append(Numbers.Count(report.Expressions)).Append(" expressions, ").Append(report.Variants.Count).Append(" variants, ")
            .Append(Numbers.Count(report.Failures)).Append(" failed predictions</p>\n");
        foreach (var warning in ReportNotes.Warnings(report))
            page.Append("<p class=\"warning\" role=\"alert\">").Append(Text(warning)).Append("</p>\n");
    }

    private static void AppendTable(StringBuilder page, Report report)
    {
        page.Append("<h2>Variants</h2>\n<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var heading in (string[])["variant", "samples", "failures", "gIoU", "Δ gIoU [95 %]", "cIoU", "Δ cIoU [95 %]", "visual tokens", "TFLOPs", "LLM ms", "total ms"])
            page.Append("<th scope=\"col\">").Append(heading).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        for (var index = 0; index < report.Variants.Count; index++)
        {
            var variant = report.Variants[index];
            page.Append("<tr>").Append(Name(variant, index))
                .Append(Cell(Numbers.Count(variant.Samples)))
                .Append(Cell(Numbers.Count(variant.Failures)))
                .Append(Cell(Numbers.Percent(variant.Giou)))
                .Append(Difference(variant.DifferenceToNone?.Giou))
                .Append(Cell(Numbers.Percent(variant.Ciou)))
                .Append(Difference(variant.DifferenceToNone?.Ciou))
                .Append("<td>").Append(Numbers.Tokens(variant.AverageVisualTokens)).Append(Spark(variant.VisualTokensPerLayer)).Append("</td>")
                .Append(Cell(Numbers.Tflops(variant.TflopsPerSample)))
                .Append(Cell(Numbers.Times(variant.LlmMilliseconds)))
                .Append(Cell(Numbers.Times(variant.TotalMilliseconds)))
                .Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendKinds(StringBuilder page, Report report)
    {
        var kinds = KindTable.Kinds(report);
        if (kinds.Count == 0)
            return;
        page.Append("<h2>Kinds of expressions</h2>\n<p class=\"lead\">").Append(KindTable.Legend).Append("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">variant</th>");
        foreach (var kind in kinds)
            page.Append("<th scope=\"col\">").Append(Text(KindTable.Heading(report, kind))).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var (index, variant) in report.Variants.Index())
            page.Append("<tr>").Append(Name(variant, index)).AppendJoin("", kinds.Select(kind => Cell(KindTable.Cell(variant, kind)))).Append("</tr>\n");

        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendAnswers(StringBuilder page, Report report)
    {
        if (!AnswerTable.Has(report))
            return;
        page.Append("<h2>Answers</h2>\n<p class=\"lead\">").Append(AnswerTable.Legend).Append("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">variant</th>");
        foreach (var heading in AnswerTable.Headings)
            page.Append("<th scope=\"col\">").Append(heading).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var (index, variant) in report.Variants.Index())
            page.Append("<tr>").Append(Name(variant, index)).AppendJoin("", AnswerTable.Cells(variant).Select(Cell)).Append("</tr>\n");

        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendFailures(StringBuilder page, Report report)
    {
        if (report.FirstFailures.Count == 0)
            return;
        page.Append("<h2>Failed predictions, the first of ").Append(Numbers.Count(report.Failures))
            .Append("</h2>\n<div class=\"scroll\"><table class=\"text\">\n<thead><tr><th>sample</th><th>expression</th><th>variant</th><th>stage</th><th>reason</th></tr></thead>\n<tbody>\n");
        foreach (var failure in report.FirstFailures)
        {
            page.Append("<tr><th scope=\"row\">").Append(Text(failure.Sample)).Append("</th>").Append(Cell(Numbers.Count(failure.Expression)))
                .Append(Cell(failure.Variant)).Append(Cell(failure.Stage)).Append(Cell(failure.Reason)).Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendFacts(StringBuilder page, Report report)
    {
        page.Append("<h2>What was run</h2>\n<dl>\n");
        foreach (var (name, value) in ReportNotes.Facts(report))
        {
            page.Append("<dt>").Append(Text(name)).Append("</dt><dd").Append(value.Length == 64 ? " class=\"hash\">" : ">").Append(Text(value)).Append("</dd>\n");
        }

        page.Append("</dl>\n");
    }

    private static string Name(VariantReport variant, int index) =>
        $"<th scope=\"row\"><span class=\"dot\" style=\"background:{Colour(index)}\"></span>{Text(variant.Name)}{(variant.Reimplementation ? $"<small>{ReportNotes.Reimplementation}</small>" : "")}</th>";

    private static string Cell(string value) => $"<td>{Text(value)}</td>";

    /// <summary>Coloured only where the interval leaves zero out.</summary>
    private static string Difference(Estimate? estimate)
    {
        if (estimate is null)
            return Cell(Numbers.None);
        var verdict = estimate.Low > 0 ? " class=\"better\"" : estimate.High < 0 ? " class=\"worse\"" : "";
        return $"<td{verdict}>{Numbers.Signed(estimate.Value)}<small>[{Numbers.Signed(estimate.Low)}, {Numbers.Signed(estimate.High)}]</small></td>";
    }

    /// <summary>Visual tokens from the first layer to the last.</summary>
    private static string Spark(IReadOnlyList<double> layers)
    {
        const int Width = 56, Height = 16;
        if (layers.Count == 0 || layers.Max() == 0)
            return "";
        var path = new StringBuilder();
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var (left, right) = ((double)Width * layer / layers.Count, (double)Width * (layer + 1) / layers.Count);
            var y = 1 + ((Height - 2) * (1 - (layers[layer] / layers.Max())));
            path.Append(CultureInfo.InvariantCulture, $"{(layer == 0 ? 'M' : 'L')}{left:0.#} {y:0.#}H{right:0.#}");
        }

        return $"<svg class=\"spark\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"visual tokens per layer\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/></svg>";
    }

    private static string ReadStyle()
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream("Pipeline.Orchestrator.Reports.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
