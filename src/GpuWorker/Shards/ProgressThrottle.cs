namespace Pipeline.GpuWorker.Shards;

/// <summary>Lets a shard's progress through at once, then at most once a second.</summary>
internal sealed class ProgressThrottle(TimeProvider clock, Func<int, Task> report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? last;

    /// <param name="samples">Samples done so far.</param>
    public async Task OnSampleAsync(int samples)
    {
        if (last is not { } before || clock.GetElapsedTime(before) >= Interval)
        {
            last = clock.GetTimestamp();
            await report(samples);
        }
    }
}
