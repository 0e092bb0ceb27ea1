using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.GpuWorker.Messages;

namespace Pipeline.GpuWorker.Presence;

/// <summary>Tells the orchestrator that this worker is there, again and again, and that it goes.</summary>
internal sealed partial class WorkerPresence(WorkerIdentity identity, Departure departure, Voice voice, TimeProvider clock, ILogger<WorkerPresence> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not before the bus was started, which waits for nobody else's start.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        started.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>While the bus still runs: it stops only after every service has been told.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        departure.Begin();
        await SayAsync(leaving: true, Farewell, cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, departure.Leaving);
        try
        {
            await started.Task.WaitAsync(either.Token);
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                await SayAsync(leaving: false, Interval, either.Token);
            }
            while (await timer.WaitForNextTickAsync(either.Token));
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            LogLeaving();
        }
    }

    private async Task SayAsync(bool leaving, TimeSpan patience, CancellationToken token)
    {
        try
        {
            await voice.PublishAsync(identity.Seen(leaving), token).WaitAsync(patience, clock, token);
        }
#pragma warning disable CA1031 // The next sign of life follows; until then the worker counts as gone, which is what it is to the others.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogUnheard(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody could be told that this worker is there; tried again in a few seconds")]
    private partial void LogUnheard(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "This worker takes no more shards")]
    private partial void LogLeaving();
}
