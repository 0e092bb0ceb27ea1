using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Api.Limits;
using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Exports;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>What comes out of a job: its events, faults, report and predictions.</summary>
internal static class ResultEndpoints
{
    private const string Gzip = "application/gzip";

    public static void MapResults(this IEndpointRouteBuilder jobs)
    {
        jobs.MapGet("/{id:guid}/events", EventsAsync).RequireScope(ApiScope.Read).WithSummary("Follow a job")
            .WithDescription("Server-sent events named 'status', each a JobStatus, until the job has ended; comments in between show that the stream is open.")
            .Produces<JobStatus>(contentType: "text/event-stream");
        jobs.MapGet("/{id:guid}/faults", FaultsAsync).RequireScope(ApiScope.Read).WithSummary("What went wrong with a job, newest first");
        jobs.MapGet("/{id:guid}/report", ReportAsync).RequireScope(ApiScope.Read).WithSummary("The report of what is done so far")
            .WithDescription("As JSON, Markdown or a page by itself: ?format=json, md or html, or by Accept. It says whether it is final.")
            .Produces<Report>(contentType: "application/json", additionalContentTypes: ["text/markdown", "text/html"]);
        jobs.MapGet("/{id:guid}/export", ExportAsync).RequireScope(ApiScope.Read).WithSummary("All predictions that are done so far")
            .WithDescription("gzip over JSON lines: an ExportHeader with the exact counts, then one prediction a line in the order of the manifest. A stream that breaks off is cut short, and its header tells by how much.")
            .Produces<byte[]>(contentType: Gzip);
    }

    private static async Task EventsAsync(Guid id, HttpContext context, EventStreams streams, JobEvents events)
    {
        using var stream = streams.TryOpen();
        if (stream is null)
        {
            throw new RequestFault(StatusCodes.Status429TooManyRequests, "Too many event streams are open; ask for the status instead, or come again later.")
            {
                RetryAfter = TimeSpan.FromSeconds(10),
            };
        }

        await events.WriteAsync(id, context);
    }

    private static async Task<Ok<FaultPage>> FaultsAsync(Guid id, FaultList faults, int? limit, string? after, CancellationToken token) =>
        TypedResults.Ok(await faults.ReadAsync(id, limit, after, token));

    private static async Task<IResult> ReportAsync(Guid id, string? format, HttpContext context, ReportPublisher reports, CancellationToken token)
    {
        var form = ReportForms.Choose(format, context.Request);
        try
        {
            var content = await reports.RenderAsync(id, form, token);
            context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";
            return TypedResults.Bytes(content, ReportForms.MediaType(form));
        }
        catch (FileNotFoundException)
        {
            throw NotPlanned();
        }
    }

    private static async Task ExportAsync(Guid id, HttpContext context, JobExport exports, CancellationToken token)
    {
        ExportPlan plan;
        try
        {
            plan = await exports.PlanAsync(id, token);
        }
        catch (FileNotFoundException)
        {
            throw NotPlanned();
        }

        context.Response.ContentType = Gzip;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{plan.Header.Name}-{id}.jsonl.gz\"";
        await exports.WriteAsync(plan, context.Response.Body, token);
    }

    private static RequestFault NotPlanned() => new(StatusCodes.Status409Conflict, "The job was not planned to its end, so there are no results yet.");
}
