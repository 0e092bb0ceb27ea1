using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Shards;

/// <summary>From the message that asks for a shard to the one that answers it: run, store, say how it went.</summary>
public sealed partial class ShardHandler(
    ShardRunner runner, HaltedJobs halted, IArtifactStore artifacts, IOptions<WorkerOptions> options, ILogger<ShardHandler> logger)
{
    private readonly string worker = options.Value.Name;

    /// <param name="shard">What to run.</param>
    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <param name="leaving">This worker is going.</param>
    /// <returns><see cref="ShardCompleted"/>, or <see cref="ShardFailed"/> whatever went wrong.</returns>
    /// <exception cref="OperationCanceledException">This worker is going; the shard is to be handed back.</exception>
    public async Task<object> HandleAsync(ProcessShard shard, Func<int, Task> onSample, CancellationToken leaving)
    {
        var cancelled = halted.TokenOf(shard.Job, shard.Epoch);
        try
        {
            await onSample(0);
            var result = await runner.RunAsync(shard, onSample, cancelled, leaving);
            var stored = await StoreAsync(result, leaving);
            LogCompleted(shard.Shard, shard.Job, result.Predictions.Count, stored.Bytes);
            return new ShardCompleted(shard.Job, shard.Shard, shard.Attempt, worker, stored);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            LogCancelled(shard.Shard, shard.Job);
            return Failed(shard, FaultClass.Cancelled, "infer", "the job was halted");
        }
        catch (ShardException fault)
        {
            LogFailed(shard.Shard, shard.Job, shard.Attempt, fault.Stage, fault);
            return Failed(shard, fault.Class, fault.Stage, fault.Message);
        }
    }

    private async Task<ArtifactReference> StoreAsync(ShardResult result, CancellationToken leaving)
    {
        try
        {
            var bytes = ShardResultFile.Write(result);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            return await artifacts.PutAsync(ArtifactNames.Result(result.Job, result.Shard, result.Attempt, hash), bytes, leaving);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw ShardException.From("store", fault);
        }
    }

    private ShardFailed Failed(ProcessShard shard, FaultClass faultClass, string stage, string reason) =>
        new(shard.Job, shard.Shard, shard.Attempt, worker, faultClass, stage, reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} of job {Job}: {Predictions} predictions in {Bytes} bytes")]
    private partial void LogCompleted(int shard, Guid job, int predictions, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} of job {Job}: dropped, the job was halted")]
    private partial void LogCancelled(int shard, Guid job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: attempt {Attempt} failed in stage {Stage}")]
    private partial void LogFailed(int shard, Guid job, int attempt, string stage, Exception fault);
}
