using Pipeline.Orchestrator.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli.Run;

/// <summary>Progress for a terminal: a bar per variant, the rate and the time left.</summary>
internal static class ProgressBars
{
    public static async Task<JobProgress> ShowAsync(JobProgress first, Func<Action<JobProgress>, Task<JobProgress>> follow)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var latest = first;
        return await console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new StateColumn(() => latest))
            .StartAsync(context =>
            {
                var bars = first.Variants.Select(variant => context.AddTask(Markup.Escape(variant.Name), maxValue: Math.Max(1, variant.Total))).ToList();
                return follow(progress =>
                {
                    latest = progress;
                    foreach (var (bar, variant) in bars.Zip(progress.Variants))
                        (bar.MaxValue, bar.Value) = (Math.Max(1, variant.Total), variant.Done);
                });
            });
    }

    /// <summary>Failures of each variant; on the first line the rate and the time left.</summary>
    private sealed class StateColumn(Func<JobProgress> latest) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var progress = latest();
            var parts = new List<string>();
            if (progress.Variants.FirstOrDefault(variant => Markup.Escape(variant.Name) == task.Description) is { Failures: > 0 } failing)
                parts.Add($"[red]{failing.Failures} failed[/]");
            if (progress.Variants.Count > 0 && Markup.Escape(progress.Variants[0].Name) == task.Description)
            {
                if (progress.SamplesPerSecond is { } rate)
                    parts.Add($"{rate:0.0} samples/s");
                if (progress.TimeLeft is { } left)
                    parts.Add($"{Duration.Text(left)} left");
            }

            return new Markup(string.Join(", ", parts));
        }
    }
}
