using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Hosting;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Sweeps and seals ended jobs now and then.</summary>
internal sealed partial class JobSealing(OrphanSweep sweep, IOptions<SweepOptions> options, TimeProvider time, ILogger<JobSealing> log)
    : RoundsService(options.Value.Interval, time)
{
    protected override Task RoundAsync(CancellationToken token) => sweep.SweepAsync(token);

    protected override void Interrupted(Exception fault) => LogInterrupted(fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweeping ended jobs was interrupted; it goes on")]
    private partial void LogInterrupted(Exception fault);
}
