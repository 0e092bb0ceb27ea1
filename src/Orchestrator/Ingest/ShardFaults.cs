using System.Globalization;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Telemetry;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Decides what follows when an attempt gave no result.</summary>
internal sealed partial class ShardFaults(
    ShardQueue shards, JobEndings endings, Doorbell doorbell, IOptions<DispatchOptions> options, ILogger<ShardFaults> log)
{
    /// <summary>Stages that reach for storage, whose outage no shard can help.</summary>
    private static readonly HashSet<string> Reaching = new(StringComparer.Ordinal) { "load", "store" };

    /// <summary>
    /// Transient and capacity faults are tried again after a back-off, until there were too many or it took too long; a poisoned job stops at once. A crash
    /// brings its shard nearer to being split. An attempt that was cancelled or refused is no fault.
    /// </summary>
    public async Task HandleAsync(ShardFailed failed, CancellationToken token)
    {
        if (failed.Class == FaultClass.Cancelled)
        {
            await shards.ReleaseAsync(failed.Job, failed.Shard, failed.Attempt, failed.Reason, token);
        }
        else if (failed.Class == FaultClass.Refused)
        {
            if (await shards.RefuseAsync(failed, token))
                LogRefused(failed.Shard, failed.Job, failed.Worker, failed.Reason);
        }
        else if (await shards.FailAsync(failed, token) is { } trouble)
        {
            OrchestratorTelemetry.Failed(failed.Class, failed.Stage);
            LogFailed(failed.Shard, failed.Job, failed.Attempt, failed.Worker, failed.Class, failed.Stage, failed.Reason);
            if (failed.Class == FaultClass.Poison || IsTooMuch(failed, trouble))
                await endings.StopAsync(failed.Job, Explain(failed, trouble.Faults), token);
        }

        doorbell.Ring();
    }

    private bool IsTooMuch(ShardFailed failed, ShardTrouble trouble) =>
        failed.Class != FaultClass.Crash
        && trouble.Faults >= options.Value.Tries
        && (failed.Class != FaultClass.Transient || !Reaching.Contains(failed.Stage) || trouble.For >= options.Value.GiveUpAfter);

    private static string Explain(ShardFailed failed, int faults) => string.Create(
        CultureInfo.InvariantCulture,
        $"shard {failed.Shard} failed {(failed.Class == FaultClass.Poison ? "for good" : $"{faults} times")}, at last in stage {failed.Stage} on {failed.Worker}: {failed.Reason}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job} is refused by {Worker}: {Reason}")]
    private partial void LogRefused(int shard, Guid job, string worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}, attempt {Attempt} on {Worker}, failed ({Class}, {Stage}): {Reason}")]
    private partial void LogFailed(int shard, Guid job, int attempt, string worker, FaultClass @class, string stage, string reason);
}
