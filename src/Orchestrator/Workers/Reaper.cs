using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;

namespace Pipeline.Orchestrator.Workers;

/// <summary>Takes back shards that nobody works on, while it can be told: signs of life must have had a way for the time of a lease, or a worker's silence says nothing about the worker.</summary>
internal sealed partial class Reaper(
    LostShards lost,
    WorkerPresence workers,
    Doorbell doorbell,
    IBusControl bus,
    IOptions<DispatchOptions> options,
    TimeProvider time,
    ILogger<Reaper> log,
    IQueueDepth? depth = null) : BackgroundService
{
    /// <summary>A round that comes later than this many intervals shows that this process itself was frozen or starved.</summary>
    private const int Late = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromTicks(Math.Min(options.Value.Lease.Ticks / 8, TimeSpan.TicksPerSecond * 2));
        using var timer = new PeriodicTimer(interval, time);
        var (clear, last) = (time.GetTimestamp(), time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (time.GetElapsedTime(last) > interval * Late || bus.CheckHealth().Status != BusHealthStatus.Healthy)
                    clear = time.GetTimestamp();
                if (time.GetElapsedTime(clear) > options.Value.Lease)
                    await ReapAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Ledger or broker are away, and so nothing can be said about the workers.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                clear = time.GetTimestamp();
                LogBlind(fault);
            }

            last = time.GetTimestamp();
        }
    }

    private async Task ReapAsync(CancellationToken token)
    {
        if (await lost.TakeFromVanishedAsync(token) + await lost.TakeFromBrokerAsync(depth, token) > 0)
            doorbell.Ring();
        await workers.ForgetAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger or broker are away; leases are looked at again after the time of a lease")]
    private partial void LogBlind(Exception fault);
}
