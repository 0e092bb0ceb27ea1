using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Tests.Servers;

namespace Pipeline.Orchestrator.Tests.Hosting;

public sealed class OrchestratorHostTests(LedgerFixture ledgers, Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_becomes_ready_and_ends_with_0_when_asked_to_stop()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort();
        using var host = StartHost(
            $"--urls=http://127.0.0.1:{port}", $"--Broker:Uri={broker.Uri}", $"--Ledger:Connection={await ledgers.NewLedgerAsync()}", $"--Artifacts:Folder={folder.Path}");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            (await Eventually.Get("/health/ready", () => StatusAsync(host, client, "/health/ready"), status => status == HttpStatusCode.OK)).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(host, client, "/health/live")).ShouldBe(HttpStatusCode.OK);

            using var terminate = Process.Start("kill", ["-TERM", host.Id.ToString()]);
            await host.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
            host.ExitCode.ShouldBe(0);
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }
    }

    [Fact]
    public async Task Options_that_are_missing_are_all_named_and_nothing_starts()
    {
        using var host = StartHost("--Dispatch:Window=0");
        var error = await host.StandardError.ReadToEndAsync(Token);
        await host.WaitForExitAsync(Token);

        host.ExitCode.ShouldBe(2);
        foreach (var name in (string[])["Broker:Uri", "Ledger:Connection", "Artifacts:Folder", "Window"])
            error.ShouldContain(name);
    }

    private static Process StartHost(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pipeline.Orchestrator.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var host = Process.Start(start)!;
        _ = host.StandardOutput.ReadToEndAsync();
        return host;
    }

    private static async Task<HttpStatusCode> StatusAsync(Process host, HttpClient client, string path)
    {
        if (host.HasExited)
            throw new InvalidOperationException($"The host ended with {host.ExitCode}: {await host.StandardError.ReadToEndAsync(Token)}");
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
