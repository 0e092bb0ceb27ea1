using System.Globalization;
using System.Text;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Small multiples of the overlay samples: the ground truth, each variant's mask and the visual tokens it kept, on the image, which the page holds once.</summary>
internal static class OverlayHtml
{
    private const string TruthColour = "var(--truth)";

    public static void Append(StringBuilder page, Report report, IReadOnlyList<OverlaySample> samples)
    {
        if (samples.Count == 0)
            return;
        page.Append("<h2>Samples</h2>\n");
        for (var index = 0; index < samples.Count; index++)
            AppendSample(page, report, samples[index], index);
    }

    private static void AppendSample(StringBuilder page, Report report, OverlaySample sample, int index)
    {
        var (height, width) = Size(sample);
        page.Append("<section class=\"sample\">\n<h3>").Append(ReportHtml.Text(sample.Id)).Append("</h3>\n");
        if (sample.Jpeg is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $"<svg class=\"defs\" aria-hidden=\"true\"><defs><image id=\"image-{index}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"data:image/jpeg;base64,")
                .Append(Convert.ToBase64String(sample.Jpeg)).Append("\"/></defs></svg>\n");
        }

        for (var number = 0; number < sample.Expressions.Count; number++)
        {
            var expression = sample.Expressions[number];
            page.Append("<p class=\"expression\">“").Append(ReportHtml.Text(expression.Text)).Append("”</p>\n<div class=\"panels\">\n");
            if (sample.Jpeg is not null)
                AppendPanel(page, index, width, height, "", "image", "", "transparent");
            if (expression.Truth is not null || expression.TruthPng is not null)
            {
                var truth = expression.Truth is { } runs ? Strokes(runs, TruthColour) : File(expression.TruthPng!, width, height, $"truth-{index}-{number}");
                AppendPanel(page, index, width, height, truth, "ground truth", "", TruthColour);
            }

            for (var variant = 0; variant < expression.Answers.Count; variant++)
                AppendAnswer(page, index, width, height, report.Variants[variant].Name, expression.Answers[variant], ReportHtml.Colour(variant));
            page.Append("</div>\n");
            KeptTokensHtml.Append(page, report, expression, index, height, width, open: index == 0 && number == 0);
        }

        page.Append("</section>\n");
    }

    private static void AppendAnswer(StringBuilder page, int sample, int width, int height, string variant, OverlayAnswer answer, string colour)
    {
        if (answer.Failure is { } failure)
        {
            page.Append("<figure><div class=\"failed\">").Append(ReportHtml.Text(failure)).Append("</div>").Append(Caption(variant, "failed", colour)).Append("</figure>\n");
            return;
        }

        var iou = answer.Overlap is { } overlap ? $"IoU {Numbers.Percent(overlap.GiouTerm)}" : "";
        AppendPanel(page, sample, width, height, answer.Mask is { } mask ? Strokes(mask, colour) : "", variant, iou, colour, answer.Said is { } said ? Said(said) : "");
    }

    private static string Said(GeneratedAnswer answer) => $"<p class=\"said\">{ReportHtml.Text(answer.Text)}{(answer.Truncated ? " … <small>cut off</small>" : "")}</p>";

    private static void AppendPanel(StringBuilder page, int sample, int width, int height, string mask, string name, string note, string colour, string said = "") =>
        page.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{ReportHtml.Text(name)}\"><use href=\"#image-{sample}\"{(mask.Length > 0 ? " class=\"under\"" : "")}/>")
            .Append(mask).Append("</svg>").Append(Caption(name, note, colour)).Append(said).Append("</figure>\n");

    private static string Caption(string name, string note, string colour) =>
        $"<figcaption><span title=\"{ReportHtml.Text(name)}\"><span class=\"dot\" style=\"background:{colour}\"></span>{ReportHtml.Text(name)}</span><span class=\"iou\">{note}</span></figcaption>";

    private static string Strokes(Rle mask, string colour)
    {
        var strokes = MaskStrokes.Of(mask);
        return $"<path class=\"mask\" style=\"color:{colour}\" stroke-width=\"{strokes.Width}\" d=\"{strokes.Path}\"/>";
    }

    /// <summary>A ground-truth file as it is: whatever is not black is the object.</summary>
    private static string File(byte[] png, int width, int height, string id) =>
        $"<filter id=\"{id}-f\" color-interpolation-filters=\"sRGB\"><feComponentTransfer><feFuncR type=\"linear\" slope=\"255\"/><feFuncG type=\"linear\" slope=\"255\"/><feFuncB type=\"linear\" slope=\"255\"/></feComponentTransfer></filter>" +
        $"<mask id=\"{id}\"><image width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" filter=\"url(#{id}-f)\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/></mask>" +
        $"<rect width=\"{width}\" height=\"{height}\" mask=\"url(#{id})\" style=\"fill:{TruthColour};opacity:.72\"/>";

    /// <summary>Masks are as large as the image; a sample without any gets a square.</summary>
    private static (int Height, int Width) Size(OverlaySample sample)
    {
        var mask = sample.Expressions.SelectMany(expression => expression.Answers.Select(answer => answer.Mask).Prepend(expression.Truth)).FirstOrDefault(mask => mask is not null);
        return mask is null ? (256, 256) : (mask.Height, mask.Width);
    }
}
