using System.Text.Json.Nodes;
using Pipeline.Servers.Processes;

namespace Pipeline.EndToEnd.Tests;

/// <summary>A whole system of processes on this machine, brought up, used, damaged and taken down.</summary>
public sealed class UpTests(Workspace workspace) : IClassFixture<Workspace>, IAsyncLifetime
{
    private string Folder => workspace.In("up");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => (await PipelineCommand.RunAsync("down", "--dir", Folder, "--purge")).ShouldExitWith(0);

    [Fact]
    public async Task What_is_up_does_a_job_mends_what_was_killed_and_goes_down_without_a_trace()
    {
        var up = await UpAsync();
        Names(up).ShouldBe(["rabbitmq", "postgres", "azurite", "orchestrator", "worker-1", "worker-2"]);
        await DoJobAsync(up, "first");
        Secrets().ShouldAllBe(secret => !up.ToJsonString().Contains(secret) && !CommandLines(up).Contains(secret));

        var again = await UpAsync();
        again.ToJsonString().ShouldBe(up.ToJsonString());

        foreach (var name in (string[])["rabbitmq", "orchestrator", "worker-2"])
            await ProcessOf(up, name).KillAsync(Token);
        var mended = await UpAsync();
        Names(mended).ShouldBe(Names(up), ignoreOrder: true);
        ProcessOf(mended, "worker-1").ShouldBe(ProcessOf(up, "worker-1"));
        await DoJobAsync(mended, "second");

        var down = JsonNode.Parse((await PipelineCommand.RunAsync("down", "--dir", Folder, "--json")).ShouldExitWith(0).Output)!;
        down["stopped"]!.AsArray().Count.ShouldBe(6);
        Names(mended).ShouldAllBe(name => !ProcessOf(mended, name).IsRunning());
        RunningIn(Folder).ShouldBeEmpty();

        var back = await UpAsync();
        var jobs = await GetAsync(back, "/v1/jobs");
        jobs["jobs"]!.AsArray().Select(job => (string)job!["name"]!).ShouldBe(["first", "second"], ignoreOrder: true);
        (await PipelineCommand.RunAsync("down", "--dir", Folder, "--purge")).ShouldExitWith(0);
        Directory.Exists(Folder).ShouldBeFalse();
        RunningIn(Folder).ShouldBeEmpty();
    }

    private async Task<JsonNode> UpAsync() => JsonNode.Parse(
        (await PipelineCommand.RunAsync("up", "--workers", "2", "--port", "0", "--data", workspace.Folder, "--dir", Folder, "--json")).ShouldExitWith(0).Output)!;

    private async Task DoJobAsync(JsonNode up, string name)
    {
        var file = workspace.Job(name, "{ format: synthetic, count: 6, seed: 1 }", "[none, { method: uniform, keep: 0.5 }]", "shards: { samples: 2 }");
        using var client = new HttpClient();
        using var body = new StringContent(await File.ReadAllTextAsync(file, Token), new System.Net.Http.Headers.MediaTypeHeaderValue("application/yaml"));
        using var answer = await client.PostAsync(new Uri($"{up["api"]}/v1/jobs"), body, Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Token));
        var id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["id"]!;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        JsonNode status;
        do
        {
            (await poll.WaitForNextTickAsync(deadline.Token)).ShouldBeTrue();
            status = await GetAsync(up, $"/v1/jobs/{id}");
        }
        while (!(bool)status["ended"]!);
        ((string)status["state"]!).ShouldBe("done", status.ToJsonString());
        ((int)status["samplesDone"]!).ShouldBe(6);
    }

    private static async Task<JsonNode> GetAsync(JsonNode up, string path)
    {
        using var client = new HttpClient();
        return JsonNode.Parse(await client.GetStringAsync(new Uri($"{up["api"]}{path}"), Token))!;
    }

    private static string[] Names(JsonNode up) => [.. up["processes"]!.AsArray().Select(process => (string)process!["name"]!)];

    private static DetachedProcess ProcessOf(JsonNode up, string name)
    {
        var process = up["processes"]!.AsArray().Single(process => (string)process!["name"]! == name)!;
        return new DetachedProcess((int)process["pid"]!, (long)process["started"]!);
    }

    private string[] Secrets() =>
    [
        SecretOf("rabbitmq", "password"), SecretOf("rabbitmq", "cookie"), SecretOf("postgres", "password"), SecretOf("azurite", "key"),
    ];

    private string SecretOf(string server, string name) => (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, server, "server.json")))![name]!;

    private static string CommandLines(JsonNode up) => string.Join('\n', Names(up).Select(name => CommandLine(ProcessOf(up, name).Pid)));

    /// <summary>Command lines of what was started with the folder or works in it.</summary>
    private static string[] RunningIn(string folder)
    {
        var processes = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!));
        return [.. processes.Select(process => $"{CommandLine(process)} in {new FileInfo($"/proc/{process}/cwd").LinkTarget}").Where(line => line.Contains(folder))];
    }

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
