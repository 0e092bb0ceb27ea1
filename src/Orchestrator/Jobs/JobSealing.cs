using Microsoft.Extensions.Options;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Sweeps and seals ended jobs now and then.</summary>
internal sealed partial class JobSealing(OrphanSweep sweep, IOptions<SweepOptions> options, TimeProvider time, ILogger<JobSealing> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sweep.SweepAsync(stoppingToken);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweeping ended jobs was interrupted; it goes on")]
    private partial void LogInterrupted(Exception fault);
}
