using System.Text.Json;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Tells a client where a job stands whenever that changed, until the job or the client ends.</summary>
internal sealed class JobEvents(JobStatusReader statuses, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task WriteAsync(Guid job, HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var status = await statuses.ReadAsync(job, either.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await FollowAsync(status, context.Response, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client went, or the host does; either knows by the end of the stream.
        }
    }

    private async Task FollowAsync(JobStatus status, HttpResponse response, CancellationToken token)
    {
        var told = "";
        var toldAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(Step, time);
        while (true)
        {
            var text = JsonSerializer.Serialize(status, ContractsJson.Options);
            var news = text != told ? $"event: {ApiRoutes.StatusEvent}\ndata: {text}\n\n" : time.GetElapsedTime(toldAt) >= options.Value.Heartbeat ? ": still here\n\n" : null;
            if (news is not null)
            {
                (told, toldAt) = (text, time.GetTimestamp());
                await response.WriteAsync(news, token);
                await response.Body.FlushAsync(token);
            }

            if (status.Ended)
                return;
            await timer.WaitForNextTickAsync(token);
            try
            {
                status = await statuses.ReadAsync(status.Id, token);
            }
            catch (KeyNotFoundException)
            {
                return;
            }
        }
    }
}
