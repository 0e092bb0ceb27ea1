using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;

namespace Pipeline.Orchestrator.Poison;

/// <summary>Breaks up poisoned shards as they come. Apart from the dispatcher, since it needs artifacts, which may be slow or away.</summary>
internal sealed partial class PoisonService(
    PoisonedShards poisoned, Doorbell doorbell, IOptions<DispatchOptions> options, TimeProvider time, ILogger<PoisonService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await poisoned.TreatAsync(stoppingToken) > 0)
                    doorbell.Ring();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Ledger or artifacts may be away; the next round goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogInterrupted(fault);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shards that crashed workers could not be broken up; that is tried again")]
    private partial void LogInterrupted(Exception fault);
}
