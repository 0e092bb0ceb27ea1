using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>A real web server on loopback that answers as a test tells it to.</summary>
internal sealed class PictureServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = [];
    private readonly ConcurrentQueue<string> asked = [];
    private readonly WebApplication app;
    private int inside;
    private int most;

    private PictureServer(WebApplication app) => this.app = app;

    public int Port { get; private set; }

    /// <summary>Path and query of each request, in order.</summary>
    public IReadOnlyList<string> Asked => [.. asked];

    /// <summary>Headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>The most requests that were inside at once.</summary>
    public int MostAtOnce => most;

    public static async Task<PictureServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new PictureServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(Workbench.Token);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Port = new Uri(address).Port;
        return server;
    }

    public string Url(string path, string host = "127.0.0.1") => $"http://{host}:{Port}{path}";

    public string Serve(string path, RequestDelegate answer)
    {
        answers[path] = answer;
        return Url(path);
    }

    public string Serve(string path, byte[] content) => Serve(path, context => context.Response.Body.WriteAsync(content).AsTask());

    public string Redirect(string path, string to, int status = 302) => Serve(path, context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        asked.Enqueue(context.Request.Path + context.Request.QueryString.ToString());
        Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        var now = Interlocked.Increment(ref inside);
        InterlockedMax(now);
        try
        {
            if (answers.TryGetValue(context.Request.Path, out var answer))
            {
                await answer(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    private void InterlockedMax(int now)
    {
        for (var seen = most; now > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }
}
