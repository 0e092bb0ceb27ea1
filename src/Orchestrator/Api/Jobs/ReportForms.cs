using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Which form of the report a client wants.</summary>
internal static class ReportForms
{
    /// <exception cref="RequestFault">There is no such form.</exception>
    public static ReportForm Choose(string? format, HttpRequest request) => format switch
    {
        "json" => ReportForm.Json,
        "md" => ReportForm.Markdown,
        "html" => ReportForm.Html,
        null => ByAccept(request),
        _ => throw RequestFault.Wrong("format", "is no form of a report; use json, md or html"),
    };

    public static string MediaType(ReportForm form) => form switch
    {
        ReportForm.Json => "application/json",
        ReportForm.Markdown => "text/markdown; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };

    private static ReportForm ByAccept(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
            return ReportForm.Json;
        foreach (var type in accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            foreach (var form in Enum.GetValues<ReportForm>())
            {
                if (new Microsoft.Net.Http.Headers.MediaTypeHeaderValue(MediaType(form).Split(';')[0]).IsSubsetOf(type))
                    return form;
            }
        }

        throw new RequestFault(StatusCodes.Status406NotAcceptable, "A report is application/json, text/markdown or text/html.");
    }
}
