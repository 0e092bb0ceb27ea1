using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Pipeline.EndToEnd.Tests;

/// <summary>A web server on loopback that has the files of a folder, and some bad manners.</summary>
internal sealed class ImageHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;

    private ImageHost(WebApplication app, string folder)
    {
        this.app = app;
        this.folder = folder;
    }

    public string Address => app.Urls.Single();

    public static async Task<ImageHost> StartAsync(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var host = new ImageHost(app, folder);
        app.Run(host.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/metadata.png":
                context.Response.Redirect("http://169.254.169.254/latest/meta-data/iam");
                break;
            case "/endless.png":
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
                break;
            case "/silent.png":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case "/moved.png":
                context.Response.Redirect($"/{context.Request.Query["to"]}");
                break;
            case { } path when Path.Combine(folder, path.TrimStart('/')) is var file && File.Exists(file):
                await context.Response.SendFileAsync(file, context.RequestAborted);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
