using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Orchestrator.Api.Workers;

/// <summary>Shows who works.</summary>
internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/workers", ListAsync).WithTags("Workers").RequireScope(ApiScope.Read).WithSummary("Workers that were seen in the last hour, by name");

    private static async Task<Ok<IReadOnlyList<WorkerStatus>>> ListAsync(WorkerList workers, CancellationToken token) =>
        TypedResults.Ok(await workers.ReadAsync(token));
}
