using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Presence;

namespace Pipeline.GpuWorker.Shards;

/// <summary>From the message that asks for a shard to the one that answers it: admit, run, store, say how it went.</summary>
internal sealed partial class ShardHandler(
    ShardAdmission admission, ShardLoader loader, IShardInference inference, IArtifactStore artifacts, Departure departure, FaultPoints points, IOptions<WorkerOptions> options, IOptions<FetchOptions> fetch, TimeProvider clock, ILogger<ShardHandler> logger)
{
    private readonly string worker = options.Value.Name;

    /// <param name="shard">What to run.</param>
    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <param name="revoked">Nobody waits for this attempt any more.</param>
    /// <returns><see cref="ShardCompleted"/>, or <see cref="ShardFailed"/> whatever went wrong.</returns>
    public async Task<object> HandleAsync(ProcessShard shard, Action<int> onSample, CancellationToken revoked)
    {
        try
        {
            var output = await RunAsync(shard, onSample, revoked);
            var stored = await StoreAsync(shard, output, revoked);
            points.Reach(FaultPoints.AfterUpload);
            WorkerTelemetry.Predicted(output.Predictions);
            LogCompleted(shard.Shard, shard.Job, output.Predictions, stored.Bytes);
            return new ShardCompleted(shard.Job, shard.Shard, shard.Attempt, worker, stored);
        }
        catch (OperationCanceledException) when (revoked.IsCancellationRequested || departure.Leaving.IsCancellationRequested)
        {
            var reason = revoked.IsCancellationRequested ? "the job was halted or the attempt revoked" : "handed back: the worker is leaving";
            LogDropped(shard.Shard, shard.Job, reason);
            return Failed(shard, FaultClass.Cancelled, "infer", reason);
        }
        catch (ShardException fault)
        {
            LogFailed(shard.Shard, shard.Job, shard.Attempt, fault.Stage, fault);
            return Failed(shard, fault.Class, fault.Stage, fault.Message);
        }
    }

    private async Task<ShardOutput> RunAsync(ProcessShard shard, Action<int> onSample, CancellationToken revoked)
    {
        ShardAdmission.RequireContract(shard);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(revoked, departure.Leaving);
        var fetching = clock.GetTimestamp();
        var work = await loader.LoadAsync(shard, waiting.Token);
        WorkerTelemetry.Took("fetch", clock.GetElapsedTime(fetching));
        ShardAdmission.RequireFetching(work.Job, fetch.Value);
        await admission.RequireAsync(work.Job, waiting.Token);
        using var slot = await inference.TakeAsync(work, waiting.Token);
        points.Reach(FaultPoints.AfterLease);
        using var span = WorkerTelemetry.Source.StartActivity("shard");
        var busy = clock.GetTimestamp();
        try
        {
            return await slot.RunAsync(Count, revoked, departure.Drained);
        }
        finally
        {
            WorkerTelemetry.Busy(clock.GetElapsedTime(busy));
        }

        Task Count(int done)
        {
            onSample(done);
            WorkerTelemetry.Sample();
            points.Reach(FaultPoints.MidInference);
            return Task.CompletedTask;
        }
    }

    private async Task<ArtifactReference> StoreAsync(ProcessShard shard, ShardOutput output, CancellationToken revoked)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(revoked, departure.Gone);
        var storing = clock.GetTimestamp();
        try
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(output.File.Span));
            var stored = await artifacts.PutAsync(ArtifactNames.Result(shard.Job, shard.Shard, shard.Attempt, hash), output.File, stop.Token);
            WorkerTelemetry.Took("store", clock.GetElapsedTime(storing));
            return stored;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw ShardException.From("store", fault);
        }
    }

    private ShardFailed Failed(ProcessShard shard, FaultClass faultClass, string stage, string reason)
    {
        WorkerTelemetry.Failed(faultClass, stage);
        return new ShardFailed(shard.Job, shard.Shard, shard.Attempt, worker, faultClass, stage, reason);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} of job {Job}: {Predictions} predictions in {Bytes} bytes")]
    private partial void LogCompleted(int shard, Guid job, int predictions, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} of job {Job}: dropped, {Reason}")]
    private partial void LogDropped(int shard, Guid job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: attempt {Attempt} failed in stage {Stage}")]
    private partial void LogFailed(int shard, Guid job, int attempt, string stage, Exception fault);
}
