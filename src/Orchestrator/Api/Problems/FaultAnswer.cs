using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using Pipeline.Contracts.Jobs;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Api.Problems;

/// <summary>Turns whatever an endpoint throws into a problem. What went wrong inside goes to the log, not to the client.</summary>
internal sealed partial class FaultAnswer(ILogger<FaultAnswer> log) : IExceptionHandler
{
    private static readonly TimeSpan WhenAway = TimeSpan.FromSeconds(5);

    private const string AwayDetail = "The orchestrator cannot reach what it needs at the moment; nothing was changed. Try again.";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (status, detail, errors) = Describe(exception);
        if (status >= StatusCodes.Status500InternalServerError)
            LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
        if (RetryAfter(exception, status) is { } wait)
            httpContext.Response.Headers.RetryAfter = wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await ProblemAnswer.WriteAsync(httpContext, status, detail, errors);
        return true;
    }

    private static (int Status, string? Detail, IReadOnlyList<JobFault>? Errors) Describe(Exception fault) => fault switch
    {
        RequestFault known => (known.Status, known.Message, known.Errors),
        JobStateException wrongState => (StatusCodes.Status409Conflict, wrongState.Message, null),
        KeyNotFoundException => (StatusCodes.Status404NotFound, "There is no such job.", null),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, "The body is larger than this orchestrator takes.", null),
        BadHttpRequestException { InnerException: JsonException json } bad => (bad.StatusCode, "The body is not what is expected here.", [Field(json)]),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message, null),
        NpgsqlException { IsTransient: true } or { InnerException: NpgsqlException { IsTransient: true } } or TimeoutException =>
            (StatusCodes.Status503ServiceUnavailable, AwayDetail, null),
        _ => (StatusCodes.Status500InternalServerError, "Something went wrong inside; the orchestrator's log says more under the trace id.", null),
    };

    private static TimeSpan? RetryAfter(Exception fault, int status) =>
        (fault as RequestFault)?.RetryAfter ?? (status == StatusCodes.Status503ServiceUnavailable ? WhenAway : null);

    private static JobFault Field(JsonException fault)
    {
        var path = fault.Path is { Length: > 2 } full ? full[2..] : "";
        return new JobFault(path, "is missing or of the wrong kind; /openapi/v1.json describes the body") { Line = (int?)fault.LineNumber + 1 };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(Exception fault, string method, PathString path);
}
