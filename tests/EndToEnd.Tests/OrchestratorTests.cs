using System.Diagnostics;
using System.Net;
using Pipeline.Servers.Processes;
using Pipeline.Tests.Servers;

namespace Pipeline.EndToEnd.Tests;

/// <summary>The orchestrator as operators start and stop it.</summary>
public sealed class OrchestratorTests(Broker broker, Database ledger, BlobStorage blobs) : IClassFixture<Broker>, IClassFixture<Database>, IClassFixture<BlobStorage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_becomes_ready_takes_requests_and_ends_with_0_when_asked_to_stop()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Free()}";
        using var process = PipelineCommand.Start(
            new Dictionary<string, string?>
            {
                ["Broker__Uri"] = broker.Uri.ToString(),
                ["Ledger__Connection"] = ledger.Connection,
                ["Artifacts__Blob__Connection"] = blobs.Connection,
                ["Artifacts__Blob__Container"] = blobs.Container,
            },
            "orchestrator", $"--urls={address}");
        var finished = PipelineCommand.FinishAsync(process);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await ReadyAsync(process, client);
        (await client.GetStringAsync(new Uri("/v1/jobs", UriKind.Relative), Token)).ShouldContain("\"jobs\":[]");

        using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString()]);

        (await finished.WaitAsync(Patience, Token)).ShouldExitWith(0);
    }

    [Fact]
    public async Task Options_that_are_missing_are_all_named_and_nothing_starts()
    {
        var outcome = (await PipelineCommand.RunAsync("orchestrator", "--Dispatch:Window=0")).ShouldExitWith(2);

        foreach (var name in (string[])["Broker:Uri", "Ledger:Connection", "Artifacts:Folder", "Window"])
            outcome.Errors.ShouldContain(name);
    }

    private static async Task ReadyAsync(Process process, HttpClient client)
    {
        var started = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(client))
        {
            process.HasExited.ShouldBeFalse("the orchestrator ended before it was ready");
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, "waited for /health/ready");
            await poll.WaitForNextTickAsync(Token);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
