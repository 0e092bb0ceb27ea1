using System.Globalization;
using System.Text;
using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The visual tokens that each variant kept, stage by stage: a fold under the masks that needs no script.</summary>
internal static class KeptTokensHtml
{
    /// <param name="page">Written to.</param>
    /// <param name="report">Whose variants and model are meant.</param>
    /// <param name="expression">What was asked.</param>
    /// <param name="sample">Number of the sample, whose image the page holds.</param>
    /// <param name="height">Of the image, in the units of its masks.</param>
    /// <param name="width">Of the image, alike.</param>
    /// <param name="open">Shows it unfolded.</param>
    public static void Append(StringBuilder page, Report report, OverlayExpression expression, int sample, int height, int width, bool open)
    {
        var shape = report.Checkpoint.Shape;
        var pruned = expression.Answers
            .Select((answer, variant) => (answer.Stages, Variant: variant))
            .Where(answer => answer.Stages?.Any(stage => stage.Kept.Count < shape.VisualTokens) == true)
            .ToArray();
        if (pruned.Length == 0)
            return;
        page.Append("<details class=\"kept\"").Append(open ? " open" : "").Append("><summary>Kept visual tokens</summary>\n<div class=\"methods\">\n");
        foreach (var (stages, variant) in pruned)
        {
            page.Append("<section><h4><span class=\"dot\" style=\"background:").Append(ReportHtml.Colour(variant)).Append("\"></span>").Append(ReportHtml.Text(report.Variants[variant].Name))
                .Append("</h4>\n<div class=\"stages\">\n");
            for (var stage = 0; stage < stages!.Count; stage++)
            {
                var last = stage + 1 < stages.Count ? stages[stage + 1].FirstLayer - 1 : shape.Layers - 1;
                AppendStage(page, stages[stage], last, sample, height, width, shape.GridHeight, shape.GridWidth);
            }

            page.Append("</div></section>\n");
        }

        page.Append("</div></details>\n");
    }

    private static void AppendStage(StringBuilder page, TokenStage stage, int lastLayer, int sample, int height, int width, int rows, int columns)
    {
        var layers = stage.FirstLayer == lastLayer ? $"layer {lastLayer}" : $"layers {stage.FirstLayer}–{lastLayer}";
        var count = $"{Numbers.Count(stage.Kept.Count)} of {Numbers.Count(rows * columns)}";
        var (side, left, top) = (Math.Min(height, width), Math.Max(0, (width - height) / 2.0), Math.Max(0, (height - width) / 2.0));
        page.Append(CultureInfo.InvariantCulture, $"<figure class=\"stage\"><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{layers}: {count} visual tokens\"><use href=\"#image-{sample}\"/>");
        if (height != width)
            page.Append(CultureInfo.InvariantCulture, $"<path class=\"unseen\" fill-rule=\"evenodd\" d=\"M0 0h{width}v{height}h-{width}zM{left:0.#} {top:0.#}h{side}v{side}h-{side}z\"/>");
        page.Append(CultureInfo.InvariantCulture, $"<svg x=\"{left:0.#}\" y=\"{top:0.#}\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {columns} {rows}\" preserveAspectRatio=\"none\"><path class=\"dropped\" d=\"{Dropped(stage.Kept, rows, columns)}\"/></svg>")
            .Append("</svg><figcaption><span>").Append(layers).Append("</span><span class=\"iou\">").Append(count).Append("</span></figcaption></figure>\n");
    }

    /// <summary>One rectangle for each run of dropped cells in a row of the grid, in cells.</summary>
    private static string Dropped(IReadOnlyList<int> kept, int rows, int columns)
    {
        var path = new StringBuilder();
        var cells = kept.ToHashSet();
        for (var row = 0; row < rows; row++)
        {
            for (int column = 0, end; column < columns; column = end + 1)
            {
                for (end = column; end < columns && !cells.Contains((row * columns) + end);)
                    end++;
                if (end > column)
                    path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h{end - column}v1h-{end - column}z");
            }
        }

        return path.ToString();
    }
}
