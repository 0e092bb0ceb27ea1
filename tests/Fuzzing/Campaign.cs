using System.Diagnostics;
using Pipeline.Fuzzing.Children;
using Pipeline.Fuzzing.Mutation;

namespace Pipeline.Fuzzing;

/// <summary>Gives a target its inputs, in children that may die of them.</summary>
public static class Campaign
{
    /// <summary>What a child may grow to over all its inputs; more is a leak.</summary>
    private const long MostResident = 1L << 30;

    /// <param name="type">An <see cref="IFuzzTarget"/> with a constructor without parameters.</param>
    public static async Task<TargetReport> RunAsync(Type type, CampaignOptions options, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(options);
        var target = (IFuzzTarget)Activator.CreateInstance(type)!;
        using var disposable = target as IDisposable;
        var findings = new FindingFolder(Path.Combine(options.Folder, target.Name));
        if (Directory.Exists(findings.Path))
            Directory.Delete(findings.Path, recursive: true);
        var scratch = Directory.CreateDirectory(Path.Combine(FastFolder, $"pipeline-fuzz-{Guid.NewGuid():n}")).FullName;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var boards = await RunChildrenAsync(type, target, options, findings.Path, scratch, token);
            var report = TargetReport.Of(target.Name, boards, Stopwatch.GetElapsedTime(started), findings.Read());
            boards.ForEach(board => board.Dispose());
            Keep(target, options, report);
            return report.PeakBytes > MostResident && report.Findings.Count == 0
                ? report with { Findings = [new Finding(target.Name, 0, options.Seed, "leak", $"a child grew to {report.PeakBytes >> 20} MB over all its inputs; at most {MostResident >> 20} MB are right")] }
                : report;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>What took the most time and memory, for whoever wonders why.</summary>
    private static void Keep(IFuzzTarget target, CampaignOptions options, TargetReport report)
    {
        var inputs = new InputSource(target, options.Seed);
        Directory.CreateDirectory(options.Folder);
        File.WriteAllBytes(Path.Combine(options.Folder, $"{target.Name}-slowest"), inputs.Make(report.Slowest));
        File.WriteAllBytes(Path.Combine(options.Folder, $"{target.Name}-hungriest"), inputs.Make(report.Hungriest));
    }

    /// <summary>Memory where there is some, so that targets that need files cost the disk nothing.</summary>
    private static string FastFolder => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private static async Task<List<Scoreboard>> RunChildrenAsync(Type type, IFuzzTarget target, CampaignOptions options, string findings, string scratch, CancellationToken token)
    {
        var children = (int)Math.Clamp(options.Inputs, 1, options.Children);
        var boards = new List<Scoreboard>();
        var running = new List<Task>();
        for (var child = 0; child < children; child++)
        {
            var slice = new Slice(type.Assembly.Location, type.FullName!, options.Seed, options.Inputs * (child + 1) / children, Path.Combine(scratch, $"score-{child}"), findings);
            boards.Add(new Scoreboard(slice.Scoreboard) { Current = options.Inputs * child / children });
            running.Add(new FuzzChild(target, slice, options, scratch).RunAsync(token));
        }

        await Task.WhenAll(running);
        return boards;
    }
}
