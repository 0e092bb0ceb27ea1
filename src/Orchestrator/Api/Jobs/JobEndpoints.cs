using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Submits, lists and steers jobs.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("/", SubmitAsync).RequireScope(ApiScope.Submit).WithSummary("Submit a job")
            .WithDescription("The body is a job file. It is planned and run in the background: follow the job at the address in Location. With an Idempotency-Key the same request sent twice makes one job.");
        jobs.MapGet("/", ListAsync).RequireScope(ApiScope.Read).WithSummary("List jobs, newest first");
        jobs.MapGet("/{id:guid}", StatusAsync).RequireScope(ApiScope.Read).WithSummary("Where a job stands");
        jobs.MapPost("/{id:guid}/pause", PauseAsync).RequireScope(ApiScope.Submit).WithSummary("Dispatch nothing of a job until it is resumed");
        jobs.MapPost("/{id:guid}/resume", ResumeAsync).RequireScope(ApiScope.Submit).WithSummary("Let a paused job go on");
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).RequireScope(ApiScope.Submit).WithSummary("End a job; what is done stays");
        jobs.MapPut("/{id:guid}/priority", PrioritiseAsync).RequireScope(ApiScope.Submit).WithSummary("Let a job go before or after others");
        jobs.MapPost("/{id:guid}/retry", RetryAsync).RequireScope(ApiScope.Submit).WithSummary("Try again what failed");
        jobs.MapPost("/{id:guid}/variants", AddVariantsAsync).RequireScope(ApiScope.Submit).WithSummary("Add variants to a finished job")
            .WithDescription("Only the new variants run. The body is {variants: [...]} in the notation of job files.");
        jobs.MapDelete("/{id:guid}", DeleteAsync).RequireScope(ApiScope.Admin).WithSummary("Remove a job with its artifacts and rows");
        jobs.MapResults();
    }

    private static async Task<Accepted<JobStatus>> SubmitAsync(
        HttpContext context,
        SubmissionReader submissions,
        JobControl control,
        JobStatusReader statuses,
        JobAudit audit,
        TimeProvider time,
        [FromHeader(Name = ApiRoutes.IdempotencyKey)] string? idempotencyKey,
        int priority = 0,
        CancellationToken token = default)
    {
        RequirePriority(priority);
        var id = SubmissionId.Of(idempotencyKey, By(context), time);
        var (spec, model) = submissions.Read(await JobBody.ReadAsync(context.Request, token));
        await control.SubmitAsync(id, spec, model, new SubmitOptions(priority, By(context)), token);
        audit.Submitted(By(context), id, spec.Name);
        return TypedResults.Accepted($"{ApiRoutes.Prefix}/jobs/{id}", await statuses.ReadAnewAsync(id, token));
    }

    private static async Task<Ok<JobPage>> ListAsync([AsParameters] JobQuery query, JobList jobs, CancellationToken token) =>
        TypedResults.Ok(await jobs.ReadAsync(query, token));

    private static async Task<Ok<JobStatus>> StatusAsync(Guid id, JobStatusReader statuses, CancellationToken token) =>
        TypedResults.Ok(await statuses.ReadAsync(id, token));

    private static Task<Ok<JobStatus>> PauseAsync(Guid id, HttpContext context, JobControl control, CancellationToken token) =>
        ChangeAsync(id, context, "paused", () => control.PauseAsync(id, token), token);

    private static Task<Ok<JobStatus>> ResumeAsync(Guid id, HttpContext context, JobControl control, CancellationToken token) =>
        ChangeAsync(id, context, "resumed", () => control.ResumeAsync(id, token), token);

    private static Task<Ok<JobStatus>> CancelAsync(Guid id, HttpContext context, JobControl control, CancellationToken token) =>
        ChangeAsync(id, context, "cancelled", () => control.CancelAsync(id, $"cancelled by {By(context)}", token), token);

    private static Task<Ok<JobStatus>> PrioritiseAsync(Guid id, PriorityChange change, HttpContext context, JobControl control, CancellationToken token)
    {
        var priority = change.Priority ?? throw RequestFault.Wrong("priority", "is missing; use -100 to 100, larger ones go first");
        RequirePriority(priority);
        return ChangeAsync(id, context, "reprioritised", () => control.SetPriorityAsync(id, priority, token), token);
    }

    private static async Task<Ok<RetryStarted>> RetryAsync(Guid id, HttpContext context, JobControl control, CancellationToken token)
    {
        var shards = 0;
        var status = await ChangeAsync(id, context, "retried", async () => shards = (await control.RetryAsync(id, token)).Shards, token);
        return TypedResults.Ok(new RetryStarted(shards, status.Value!));
    }

    private static async Task<Ok<JobStatus>> AddVariantsAsync(
        Guid id, HttpContext context, SubmissionReader submissions, JobModels models, JobControl control, CancellationToken token)
    {
        var (model, known) = await models.ReadAsync(id, token);
        var variants = submissions.ReadVariants(await JobBody.ReadAsync(context.Request, token), model, known);
        try
        {
            return await ChangeAsync(id, context, "added variants to", () => control.AddVariantsAsync(id, variants, token), token);
        }
        catch (InvalidDataException fault)
        {
            throw RequestFault.Wrong(fault);
        }
    }

    private static async Task<Accepted> DeleteAsync(Guid id, HttpContext context, JobControl control, JobAudit audit, CancellationToken token)
    {
        await control.DeleteAsync(id, token);
        audit.Changed(By(context), "deleted", id);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Ok<JobStatus>> ChangeAsync(Guid id, HttpContext context, string what, Func<Task> change, CancellationToken token)
    {
        await change();
        context.RequestServices.GetRequiredService<JobAudit>().Changed(By(context), what, id);
        return TypedResults.Ok(await context.RequestServices.GetRequiredService<JobStatusReader>().ReadAnewAsync(id, token));
    }

    private static void RequirePriority(int priority)
    {
        if (Math.Abs((long)priority) > JobControl.HighestPriority)
        {
            throw RequestFault.Wrong(
                "priority", string.Create(CultureInfo.InvariantCulture, $"is {priority}; use -{JobControl.HighestPriority} to {JobControl.HighestPriority}, larger ones go first"));
        }
    }

    private static string By(HttpContext context) => context.User.Identity!.Name!;
}
