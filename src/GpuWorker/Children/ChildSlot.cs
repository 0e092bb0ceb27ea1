using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Children;

/// <summary>A place for one shard at a time with a process of its own, started when it is needed and anew when it was lost.</summary>
internal sealed partial class ChildSlot(IArtifactStore artifacts, WorkerOptions options, ChildSettings settings, TimeProvider clock, ILogger<ChildSlot> logger) : IDisposable
{
    private readonly MeasuringWatch watch = new();
    private ChildProcess? child;

    /// <exception cref="ShardException">There is no result.</exception>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public async Task<ShardOutput> RunAsync(ShardWork work, Func<int, Task> onSample, CancellationToken stop)
    {
        var running = await ChildAsync(stop);
        var session = new ChildSession(running, artifacts, options, watch, clock, logger);
        var done = false;
        try
        {
            var output = await session.RunAsync(work, onSample, stop);
            done = true;
            return output;
        }
        finally
        {
            // What failed may have left its device or its memory in a state that the next shard should not meet.
            if (!(done || (session.Answered && stop.IsCancellationRequested)))
            {
                Drop();
            }
            else if (running.Megabytes is var megabytes && megabytes > options.RecycleMegabytes)
            {
                LogRecycled(running.Id, megabytes);
                Drop();
            }
        }
    }

    public void Dispose() => Drop();

    private async Task<ChildProcess> ChildAsync(CancellationToken stop)
    {
        if (child is { HasExited: false } kept)
        {
            return kept;
        }

        Drop();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limited.CancelAfter(TimeSpan.FromSeconds(options.LoadSeconds));
        try
        {
            child = await ChildProcess.StartAsync(settings, logger, limited.Token);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            var reason = fault is OperationCanceledException ? $"the process that runs the model did not start within {options.LoadSeconds} s" : fault.Message;
            throw new ShardException(FaultClass.Transient, "load", reason, fault);
        }

        WorkerTelemetry.ChildStarted();
        LogStarted(child.Id);
        return child;
    }

    private void Drop()
    {
        child?.Dispose();
        child = null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Process {Child} runs the model")]
    private partial void LogStarted(int child);

    [LoggerMessage(Level = LogLevel.Information, Message = "Process {Child} holds {Megabytes} MB and makes way for a new one")]
    private partial void LogRecycled(int child, long megabytes);
}
