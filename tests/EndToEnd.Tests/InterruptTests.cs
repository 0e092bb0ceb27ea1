using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.EndToEnd.Tests;

public sealed partial class InterruptTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const int Interrupt = 2;

    [Fact]
    public async Task Ctrl_C_ends_the_run_cleanly_and_keeps_what_is_done()
    {
        var job = workspace.Job("long", "{ format: synthetic, count: 2000, seed: 1 }", "[none]", "shards: { samples: 2 }");
        var folder = workspace.In("long");
        using var process = PipelineCommand.Start("run", job, "--out", folder);
        var finished = PipelineCommand.FinishAsync(process);
        await Until(() => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories).Any(), "a first shard result", process);

        _ = Kill(process.Id, Interrupt);

        (await finished).ShouldExitWith(130);
        Workspace.Report(folder)["final"]!.GetValue<bool>().ShouldBeFalse();
        Process.GetProcessesByName("postgres").ShouldAllBe(p => !CommandLine(p).Contains(folder));
    }

    private static async Task Until(Func<bool> condition, string what, Process process)
    {
        var watch = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            process.HasExited.ShouldBeFalse($"the run ended before there was {what}");
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2), $"waited for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
