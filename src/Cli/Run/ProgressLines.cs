using System.Globalization;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Cli.Run;

/// <summary>Progress for logs: one line every ten seconds, and one at the end.</summary>
internal sealed class ProgressLines(TextWriter writer, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private DateTimeOffset next = DateTimeOffset.MinValue;

    public void Show(JobProgress progress)
    {
        if (progress.Samples == 0 || (!progress.Ended && time.GetUtcNow() < next))
            return;
        next = time.GetUtcNow() + Interval;
        writer.WriteLine(Line(progress));
    }

    private static string Line(JobProgress progress)
    {
        var rate = progress.SamplesPerSecond is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0.0} samples/s") : "";
        var left = progress is { Ended: false, TimeLeft: { } time } ? $", {Duration.Text(time)} left" : "";
        var failures = progress.Variants.Sum(variant => variant.Failures) is > 0 and var failed ? $", {failed} failed predictions" : "";
        var predictions = $"{progress.Variants.Sum(variant => variant.Done)}/{progress.Variants.Sum(variant => variant.Total)} predictions of {progress.Variants.Count} variants";
        return $"{progress.SamplesDone}/{progress.Samples} samples{rate}{left}{failures} ({predictions})";
    }
}
