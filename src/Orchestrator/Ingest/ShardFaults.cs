using System.Globalization;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Decides what follows when an attempt gave no result.</summary>
internal sealed partial class ShardFaults(
    ShardQueue shards, JobEndings endings, Doorbell doorbell, IOptions<DispatchOptions> options, ILogger<ShardFaults> log)
{
    /// <summary>Transient and capacity faults are tried again after a back-off, until there were too many; a poisoned job stops at once; a cancelled attempt is no fault.</summary>
    public async Task HandleAsync(ShardFailed failed, CancellationToken token)
    {
        if (failed.Class == FaultClass.Cancelled)
        {
            await shards.ReleaseAsync(failed.Job, failed.Shard, failed.Attempt, failed.Reason, token);
        }
        else if (await shards.FailAsync(failed, token) is { } faults)
        {
            LogFailed(failed.Shard, failed.Job, failed.Attempt, failed.Worker, failed.Class, failed.Stage, failed.Reason);
            if (failed.Class == FaultClass.Poison || faults >= options.Value.Tries)
                await endings.StopAsync(failed.Job, Explain(failed, faults), token);
        }

        doorbell.Ring();
    }

    private static string Explain(ShardFailed failed, int faults) => string.Create(
        CultureInfo.InvariantCulture,
        $"shard {failed.Shard} failed {(failed.Class == FaultClass.Poison ? "for good" : $"{faults} times")}, at last in stage {failed.Stage} on {failed.Worker}: {failed.Reason}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}, attempt {Attempt} on {Worker}, failed ({Class}, {Stage}): {Reason}")]
    private partial void LogFailed(int shard, Guid job, int attempt, string worker, FaultClass @class, string stage, string reason);
}
