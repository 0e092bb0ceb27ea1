using System.Globalization;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>A page of results in Markdown with its figures, from final reports alone.</summary>
/// <remarks>It holds no times and nothing of when a job ran, so a job run again gives the same page.</remarks>
/// <param name="Markdown">The page.</param>
/// <param name="Figures">One per report; the page refers to their files as siblings of its own.</param>
public sealed record ResultsPage(string Markdown, IReadOnlyList<ResultsFigure> Figures)
{
    /// <param name="reports">Final ones, in the order of the page.</param>
    /// <param name="name">Name of the page's file without its ending: the figures are called by it.</param>
    /// <param name="command">The command line that makes the page.</param>
    /// <param name="notes">What people wrote between the marks of <see cref="HandwrittenNotes"/>.</param>
    /// <exception cref="InvalidDataException">A report is partial or has no variant <c>none</c>.</exception>
    public static ResultsPage Make(IReadOnlyList<Report> reports, string name, string command, string notes)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var sections = reports.Select((report, index) =>
        {
            RequireFinal(report);
            var tradeoff = Tradeoff.Of(report);
            return new ResultsSection(report, tradeoff, ResultsFigure.Of(report, tradeoff, index == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{index + 1}")));
        }).ToArray();
        return new ResultsPage(ResultsMarkdown.Render(sections, command, notes), [.. sections.Select(section => section.Figure)]);
    }

    private static void RequireFinal(Report report)
    {
        if (!report.Final)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"the report of {report.Name} is partial: {report.Samples} of {report.SamplesPlanned} samples are in; results are made from final reports only"));
        }
    }
}
