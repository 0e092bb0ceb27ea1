using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Presence;

/// <summary>How a worker goes: first it begins nothing new; then, when its time is up, it hands back what still runs; then it is gone.</summary>
public sealed class Departure(IOptions<WorkerOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Seconds for stopping what runs and saying so.</summary>
    internal const int SecondsForHandingBack = 10;

    private readonly CancellationTokenSource leaving = new();
    private readonly CancellationTokenSource drained = new();
    private readonly CancellationTokenSource gone = new();
    private readonly List<ITimer> timers = [];

    /// <summary>Cancelled when the worker was told to stop: what has not begun is handed back.</summary>
    public CancellationToken Leaving => leaving.Token;

    /// <summary>Cancelled <see cref="WorkerOptions.DrainSeconds"/> later: what runs is handed back, finished or not.</summary>
    public CancellationToken Drained => drained.Token;

    /// <summary>Cancelled when nothing can be said any more either; the broker then gives unanswered messages to others.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>The worker was told to stop. A second call changes nothing.</summary>
    public void Begin()
    {
        if (timers.Count == 0)
        {
            var drain = TimeSpan.FromSeconds(options.Value.DrainSeconds);
            timers.Add(clock.CreateTimer(_ => drained.Cancel(), null, drain, Timeout.InfiniteTimeSpan));
            timers.Add(clock.CreateTimer(_ => gone.Cancel(), null, drain + TimeSpan.FromSeconds(SecondsForHandingBack), Timeout.InfiniteTimeSpan));
            leaving.Cancel();
        }
    }

    public void Dispose()
    {
        timers.ForEach(timer => timer.Dispose());
        gone.Dispose();
        drained.Dispose();
        leaving.Dispose();
    }
}
