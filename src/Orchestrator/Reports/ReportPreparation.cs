using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Hosting;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Merges partials while jobs run, so that a report costs the same however many shards there are.</summary>
internal sealed partial class ReportPreparation(PartialMerge partials, IOptions<DispatchOptions> options, TimeProvider time, ILogger<ReportPreparation> log)
    : RoundsService(options.Value.Poll, time)
{
    protected override Task RoundAsync(CancellationToken token) => partials.MergeAsync(token);

    protected override void Interrupted(Exception fault) => LogInterrupted(fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partials could not be merged; that is tried again")]
    private partial void LogInterrupted(Exception fault);
}
