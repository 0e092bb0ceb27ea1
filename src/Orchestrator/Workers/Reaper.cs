using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Hosting;

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
    IQueueDepth? depth = null) : RoundsService(IntervalOf(options.Value.Lease), time)
{
    /// <summary>A round that comes later than this many intervals shows that this process itself was frozen or starved.</summary>
    private const int Late = 4;

    private long? last;
    private long clear;

    protected override async Task RoundAsync(CancellationToken token)
    {
        if (last is not { } before || Time.GetElapsedTime(before) > Interval * Late || bus.CheckHealth().Status != BusHealthStatus.Healthy)
            clear = Time.GetTimestamp();
        if (Time.GetElapsedTime(clear) > options.Value.Lease)
            await ReapAsync(token);
        last = Time.GetTimestamp();
    }

    /// <summary>While ledger or broker are away, nothing can be said about the workers.</summary>
    protected override void Interrupted(Exception fault)
    {
        last = clear = Time.GetTimestamp();
        LogBlind(fault);
    }

    private static TimeSpan IntervalOf(TimeSpan lease) => TimeSpan.FromTicks(Math.Min(lease.Ticks / 8, TimeSpan.TicksPerSecond * 2));

    private async Task ReapAsync(CancellationToken token)
    {
        if (await lost.TakeFromVanishedAsync(token) + await lost.TakeFromBrokerAsync(depth, token) > 0)
            doorbell.Ring();
        await workers.ForgetAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger or broker are away; leases are looked at again after the time of a lease")]
    private partial void LogBlind(Exception fault);
}
