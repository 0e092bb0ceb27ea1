using System.Net.ServerSentEvents;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Client;

/// <summary>Follows a job to its end by its events. An orchestrator that goes away meanwhile is waited for.</summary>
internal sealed class JobFollower(ApiClient client, TimeProvider time)
{
    /// <summary>An orchestrator that restarts is back long before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BeforeAnotherTry = TimeSpan.FromSeconds(1);

    /// <summary>Longest silence of a stream that is open: the orchestrator says something every quarter of a minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <returns>The job's last state.</returns>
    /// <exception cref="IOException">The orchestrator does not come back.</exception>
    public async Task<JobStatus> FollowAsync(Guid job, Action<JobStatus> show, CancellationToken token)
    {
        var heard = time.GetTimestamp();
        while (true)
        {
            try
            {
                await foreach (var status in EventsAsync(job, token))
                {
                    heard = time.GetTimestamp();
                    show(status);
                    if (status.Ended)
                        return status;
                }
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or TimeoutException or ApiRefusedException { IsBadInput: false } && time.GetElapsedTime(heard) < Patience)
            {
                // It may be on its way back.
            }

            await Task.Delay(BeforeAnotherTry, time, token);
        }
    }

    private async IAsyncEnumerable<JobStatus> EventsAsync(Guid job, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        using var response = await client.SendAsync(HttpMethod.Get, $"jobs/{job}/events", null, token);
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        await using var events = SseParser.Create(stream).EnumerateAsync(token).GetAsyncEnumerator(token);
        while (await events.MoveNextAsync().AsTask().WaitAsync(Silence, time, token))
        {
            if (events.Current.EventType == ApiRoutes.StatusEvent)
                yield return JsonSerializer.Deserialize<JobStatus>(events.Current.Data, ContractsJson.Options)!;
        }
    }
}
