using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Client;

/// <summary>Talks to an orchestrator. Waits and asks again where it is told to; everything else that is no success is thrown.</summary>
public sealed class ApiClient : IDisposable
{
    private const int Tries = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly TimeProvider time;

    public ApiClient(ApiLocation location, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(location);
        this.time = time;
        http = new HttpClient { BaseAddress = location.Address };
        if (location.Key is { } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <param name="path">Below <c>/v1</c>, without a slash before it.</param>
    /// <exception cref="ApiRefusedException">The orchestrator says no.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken token) => AskAsync<T>(HttpMethod.Get, path, null, token);

    /// <inheritdoc cref="GetAsync"/>
    /// <param name="content">Makes the body anew for each try; null for none.</param>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken token, string? idempotencyKey = null)
    {
        using var response = await SendAsync(method, path, content, token, idempotencyKey);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ContractsJson.Options, token) ?? throw new InvalidDataException("it is empty");
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            throw new IOException($"{http.BaseAddress} answers what this version does not understand: {fault.Message}", fault);
        }
    }

    /// <summary>Sends without looking at what the answer holds beyond its success.</summary>
    /// <exception cref="ApiRefusedException">The orchestrator says no.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Func<HttpContent>? content, CancellationToken token, string? idempotencyKey = null, string? accept = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, new Uri($"{ApiRoutes.Prefix}/{path}", UriKind.Relative)) { Content = content?.Invoke() };
            if (idempotencyKey is not null)
                request.Headers.Add(ApiRoutes.IdempotencyKey, idempotencyKey);
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
            var response = await ReachAsync(request, token);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                // Both say that nothing was done, so that any request may be sent again.
                if (attempt == Tries || response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    throw new ApiRefusedException(await ProblemOfAsync(response, token));
                await Task.Delay(WaitBefore(response, attempt), time, token);
            }
        }
    }

    /// <summary>Resolves what a user calls a job: its id, the beginning of its id, or its name, then the newest of that name.</summary>
    /// <exception cref="InvalidDataException">No job is called so, or several begin so.</exception>
    public async Task<Guid> FindAsync(string job, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(job);
        const int LeastPrefix = 4;
        if (Guid.TryParse(job, out var id))
            return id;
        var isPrefix = job.Length >= LeastPrefix && job.All(letter => char.IsAsciiHexDigit(letter) || letter == '-') && job.Any(char.IsAsciiHexDigit);
        var beginning = isPrefix ? (await GetAsync<JobPage>($"jobs?limit=2&id={job}", token)).Jobs : [];
        if (beginning is [var only])
            return only.Id;
        if ((await GetAsync<JobPage>($"jobs?limit=1&name={Uri.EscapeDataString(job)}", token)).Jobs is [var newest])
            return newest.Id;
        throw new InvalidDataException(beginning.Count > 1 ? $"Several jobs begin with '{job}'; give more of the id." : $"No job has the id or name '{job}'; 'pipeline jobs' lists them.");
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken token)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        }
        catch (HttpRequestException fault)
        {
            throw new IOException($"No orchestrator answers at {http.BaseAddress} ({fault.Message}); start one with: ./pipeline up", fault);
        }
        catch (TaskCanceledException fault) when (!token.IsCancellationRequested)
        {
            throw new IOException($"The orchestrator at {http.BaseAddress} does not answer in time.", fault);
        }
    }

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage response, CancellationToken token)
    {
        var unknown = new Problem((int)response.StatusCode, response.ReasonPhrase ?? "", $"The orchestrator answers {(int)response.StatusCode} {response.ReasonPhrase}.");
        if (response.Content.Headers.ContentType?.MediaType != Problem.MediaType)
            return unknown;
        try
        {
            return await response.Content.ReadFromJsonAsync<Problem>(ContractsJson.Options, token) ?? unknown;
        }
        catch (JsonException)
        {
            return unknown;
        }
    }

    private static TimeSpan WaitBefore(HttpResponseMessage response, int attempt)
    {
        var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt);
        return wait < LongestWait ? wait : LongestWait;
    }
}
