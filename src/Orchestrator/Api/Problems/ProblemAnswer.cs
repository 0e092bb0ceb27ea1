using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Orchestrator.Api.Problems;

/// <summary>Answers a request that failed, whatever it accepts: a client that reads nothing else still gets the status.</summary>
internal static class ProblemAnswer
{
    /// <param name="detail">What is wrong and what would be right; nothing that the client may not know.</param>
    public static Task WriteAsync(HttpContext context, int status, string? detail, IReadOnlyList<JobFault>? errors = null)
    {
        context.Response.StatusCode = status;
        var problem = new Problem(status, ReasonPhrases.GetReasonPhrase(status), detail) { Errors = errors, TraceId = Activity.Current?.Id ?? context.TraceIdentifier };
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsJsonAsync(problem, ContractsJson.Options, Problem.MediaType, context.RequestAborted);
    }

    /// <summary>For answers that have a status and no body yet.</summary>
    public static Task WriteAsync(HttpContext context) => WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address; /openapi/v1.json describes what there is.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not answer {context.Request.Method}.",
        _ => null,
    });
}
