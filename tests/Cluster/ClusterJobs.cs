using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Cluster;

/// <summary>A client of the API that does not give up: orchestrators come and go.</summary>
public sealed class ClusterJobs(Cluster cluster)
{
    private const int Tries = 150;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <param name="name">Of the job; submitting it again is the same job.</param>
    /// <param name="body">The job file without its name.</param>
    public async Task<Guid> SubmitAsync(string name, string body, CancellationToken token, int priority = 0)
    {
        var answer = await CallAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, $"v1/jobs?priority={priority}")
                {
                    Content = new StringContent($"name: {name}\n{body}", Encoding.UTF8, new MediaTypeHeaderValue("application/yaml")),
                };
                request.Headers.Add("Idempotency-Key", name);
                return request;
            },
            token);
        return answer["id"]!.GetValue<Guid>();
    }

    public Task<JsonNode> StatusAsync(Guid job, CancellationToken token) => CallAsync(() => new(HttpMethod.Get, $"v1/jobs/{job}"), token);

    /// <param name="action"><c>pause</c>, <c>resume</c>, <c>cancel</c> or <c>retry</c>.</param>
    public Task<JsonNode> PostAsync(Guid job, string action, CancellationToken token) => CallAsync(() => new(HttpMethod.Post, $"v1/jobs/{job}/{action}"), token);

    public Task<JsonNode> ReportAsync(Guid job, CancellationToken token) => CallAsync(() => new(HttpMethod.Get, $"v1/jobs/{job}/report?format=json"), token);

    /// <returns>Whether the job is done; it may still be planned or run.</returns>
    /// <exception cref="InvalidOperationException">It ended otherwise.</exception>
    public async Task<bool> IsDoneAsync(Guid job, CancellationToken token)
    {
        var status = await StatusAsync(job, token);
        return status["state"]!.GetValue<string>() switch
        {
            "done" => true,
            "planning" or "running" => false,
            _ => throw new InvalidOperationException($"job {job} is {status.ToJsonString()}\n{await cluster.DescribeAsync(job, token)}"),
        };
    }

    /// <summary>Waits until the job is done.</summary>
    public async Task EndAsync(Guid job, TimeSpan patience, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var poll = new PeriodicTimer(Step);
        while (!await IsDoneAsync(job, token))
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
                throw new TimeoutException($"job {job} was not done within {patience.TotalMinutes} minutes:\n{await cluster.DescribeAsync(job, token)}");
            await poll.WaitForNextTickAsync(token);
        }
    }

    /// <summary>Asks one orchestrator after the other until one answers.</summary>
    private async Task<JsonNode> CallAsync(Func<HttpRequestMessage> make, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            var host = cluster.Orchestrators[attempt % cluster.Orchestrators.Count];
            using var client = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(20) };
            try
            {
                using var request = make();
                using var response = await client.SendAsync(request, token);
                var body = await response.Content.ReadAsStringAsync(token);
                if (response.IsSuccessStatusCode)
                    return body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!;
                if (attempt > Tries || response.StatusCode is not (>= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests))
                    throw new InvalidOperationException($"{request.Method} {request.RequestUri} gave {(int)response.StatusCode}: {body}");
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !token.IsCancellationRequested && attempt < Tries)
            {
                // It is being restarted; another try follows.
            }

            await Task.Delay(Step, token);
        }
    }
}
