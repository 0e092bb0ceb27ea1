using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Hosting;

namespace Pipeline.Orchestrator.Poison;

/// <summary>Breaks up poisoned shards as they come. Apart from the dispatcher, since it needs artifacts, which may be slow or away.</summary>
internal sealed partial class PoisonService(
    PoisonedShards poisoned, Doorbell doorbell, IOptions<DispatchOptions> options, TimeProvider time, ILogger<PoisonService> log)
    : RoundsService(options.Value.Poll, time)
{
    protected override async Task RoundAsync(CancellationToken token)
    {
        if (await poisoned.TreatAsync(token) > 0)
            doorbell.Ring();
    }

    protected override void Interrupted(Exception fault) => LogInterrupted(fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shards that crashed workers could not be broken up; that is tried again")]
    private partial void LogInterrupted(Exception fault);
}
