using System.Globalization;

namespace Pipeline.Segmentation.Flops;

/// <summary>The tables as a section of <c>docs/pruning.md</c>.</summary>
public static class FlopsMarkdown
{
    /// <summary>All tables, theirs and ours side by side.</summary>
    public static string Tables => string.Join("\n", PublishedTables.All.Select(Table));

    private static string Table(FlopsTable table)
    {
        var isPublished = table.Figures[0].Published is not null;
        var heading = isPublished
            ? "| case | convention | layers x tokens | theirs | ours | same digits |\n|---|---|---|---:|---:|---|"
            : "| case | convention | layers x tokens | mean tokens | TFLOPs | of the model's first row |\n|---|---|---|---:|---:|---:|";
        var rows = table.Figures.Select(figure => isPublished ? Published(figure) : Ours(figure, table.Figures.First(first => first.Model == figure.Model)));
        return $"#### {table.Title}\n\n{table.Remark.TrimEnd()}\n\n{heading}\n{string.Join("\n", rows)}\n";
    }

    private static string Published(FlopsFigure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{Head(figure)} | {figure.Published} | {figure.Value:F3} | {(figure.IsReproduced ? "yes" : "**no**")} |");

    private static string Ours(FlopsFigure figure, FlopsFigure first) =>
        string.Create(CultureInfo.InvariantCulture, $"{Head(figure)} | {figure.AverageTokens:F1} | {figure.Value:F3} | {100 * figure.Flops / first.Flops:F1} % |");

    private static string Head(FlopsFigure figure) => $"| {figure.Case} | `{figure.Convention.Name}` | {string.Join(", ", figure.Stages)}";
}
