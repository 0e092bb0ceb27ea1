using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pipeline.Tests.Servers;

namespace Pipeline.GpuWorker.Tests.Hosting;

/// <summary>The worker as operators start and stop it.</summary>
public sealed partial class WorkerProcessTests(Broker broker) : IClassFixture<Broker>
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_worker_gets_ready_and_exits_with_0_when_it_is_told_to_stop()
    {
        var folder = Directory.CreateTempSubdirectory("worker-host-");
        var port = FreePort();
        using var process = Start(
            ("Broker__Uri", broker.Uri.ToString()),
            ("Artifacts__Folder", folder.FullName),
            ("Worker__Name", "host"),
            ("Worker__Threads", "1"),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await UntilOk($"http://127.0.0.1:{port}/health/live", process);
        await UntilOk($"http://127.0.0.1:{port}/health/ready", process);

        _ = Kill(process.Id, Terminate);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await output);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_without_its_options_names_them_all_and_exits_with_2()
    {
        using var process = Start(("Worker__Device", "gpu"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(2, errors);
        errors.ShouldContain("Broker:Uri");
        errors.ShouldContain("Artifacts:Folder");
        errors.ShouldContain("Worker:Device");
    }

    private static Process Start(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pipeline.GpuWorker.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task UntilOk(string url, Process process)
    {
        using var client = new HttpClient();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var watch = Stopwatch.StartNew();
        while (!await IsOk(client, url))
        {
            process.HasExited.ShouldBeFalse($"the worker ended before {url} answered");
            watch.Elapsed.ShouldBeLessThan(Patience, $"waited for {url}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> IsOk(HttpClient client, string url)
    {
        try
        {
            using var response = await client.GetAsync(url, TestContext.Current.CancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
