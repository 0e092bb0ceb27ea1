using System.Diagnostics;
using Pipeline.Fuzzing.Mutation;

namespace Pipeline.Fuzzing.Children;

/// <summary>A child and its successors: when one crashes or hangs, that is a finding, and the next one goes on behind the input that did it.</summary>
internal sealed class FuzzChild(IFuzzTarget target, Slice slice, CampaignOptions options, string scratch)
{
    /// <summary>After so many, a target is broken rather than unlucky.</summary>
    private const int MostDeaths = 10;

    private const int LongestLastWords = 4000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken token)
    {
        using var score = new Scoreboard(slice.Scoreboard);
        for (var deaths = 0; score.Current < slice.End && deaths < MostDeaths; deaths++)
        {
            var (signature, message) = await LiveAsync(score, token);
            if (signature is null)
                return;
            var number = score.Current;
            score.Faults++;
            new FindingFolder(slice.Findings).Save(new Finding(target.Name, number, slice.Seed, signature, message), new InputSource(target, slice.Seed).Make(number));
            score.Current = number + 1;
        }
    }

    /// <returns>What it died of; a null signature where it did all it had to.</returns>
    private async Task<(string? Signature, string Message)> LiveAsync(Scoreboard score, CancellationToken token)
    {
        using var process = Process.Start(StartInfo())!;
        var lastWords = process.StandardError.ReadToEndAsync(token);
        try
        {
            var exit = process.WaitForExitAsync(token);
            var (current, since, worked) = (score.Current, Stopwatch.GetTimestamp(), TimeSpan.Zero);
            while (await Task.WhenAny(exit, Task.Delay(Look, token)) != exit)
            {
                token.ThrowIfCancellationRequested();
                if (score.Current != current)
                    (current, since, worked) = (score.Current, Stopwatch.GetTimestamp(), WorkOf(process));
                if (WorkOf(process) - worked < options.Longest && Stopwatch.GetElapsedTime(since) < options.LongestWait)
                    continue;
                process.Kill();
                await exit;
                return ("hang", $"not done with it after {options.Longest.TotalSeconds} s of work, or {options.LongestWait.TotalSeconds} s of waiting");
            }

            await exit;
            var words = await lastWords;
            return process.ExitCode == 0 ? (null, "") : ("crash", $"the process ended with {process.ExitCode}: {words[..Math.Min(words.Length, LongestLastWords)]}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static TimeSpan WorkOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It ended just now.
            return TimeSpan.Zero;
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(FuzzChild).Assembly.Location);
        foreach (var argument in slice.ToArguments())
            start.ArgumentList.Add(argument);
        // One thread that works, and a heap that runs out before the machine does.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x50000000";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["TMPDIR"] = scratch;
        return start;
    }
}
