using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Children;

/// <summary>One shard in one child: serves what it asks for, and kills it when it neither works nor stops.</summary>
internal sealed partial class ChildSession(
    ChildProcess child, IArtifactStore artifacts, WorkerOptions options, IInferenceWatch watch, TimeProvider clock, ILogger logger)
{
    /// <summary>A shard stops within a second, the child's way or the other.</summary>
    private static readonly TimeSpan Obedience = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private string stage = "load";
    private string? sample;
    private long lastSign;
    private long? told;
    private int storing;
    private string? verdict;

    /// <summary>The child has answered and may run another shard.</summary>
    public bool Answered { get; private set; }

    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <exception cref="ShardException">The child says there is no result, or it died, or it was killed because it hung.</exception>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public async Task<ShardOutput> RunAsync(ShardWork work, Func<int, Task> onSample, CancellationToken stop)
    {
        lastSign = clock.GetTimestamp();
        using var ended = new CancellationTokenSource();
        var guarding = GuardAsync(stop, ended.Token);
        try
        {
            return await TalkAsync(work, onSample, stop);
        }
        finally
        {
            await ended.CancelAsync();
            await guarding;
        }
    }

    private async Task<ShardOutput> TalkAsync(ShardWork work, Func<int, Task> onSample, CancellationToken stop)
    {
        if (TryWrite(Frame.Of(FrameKind.Run, work)))
        {
            while (await child.Channel.ReadAsync(CancellationToken.None) is { } frame)
            {
                Volatile.Write(ref lastSign, clock.GetTimestamp());
                if (await HeedAsync(frame, work.Shard.Job, onSample, stop) is { } output)
                {
                    return output;
                }
            }
        }

        var ending = await child.EndAsync();
        stop.ThrowIfCancellationRequested();
        throw new ShardException(FaultClass.Crash, stage, ending.Tell(verdict, sample));
    }

    /// <returns>The result, when this was it.</returns>
    private async Task<ShardOutput?> HeedAsync(Frame frame, Guid job, Func<int, Task> onSample, CancellationToken stop)
    {
        switch (frame.Kind)
        {
            case FrameKind.Loaded:
                stage = "infer";
                return null;
            case FrameKind.Begins:
                sample = frame.Text;
                return null;
            case FrameKind.Took:
                var (step, time) = frame.As<StageTime>();
                watch.Took(step, time);
                return null;
            case FrameKind.Samples:
                await onSample(frame.Number);
                return null;
            case FrameKind.Put:
                Interlocked.Increment(ref storing);
                _ = StoreAsync(PutRequest.From(frame), job, stop);
                return null;
            case FrameKind.Result:
                Answered = true;
                return new ShardOutput(frame.Rest, frame.Number);
            case FrameKind.Failed:
                Answered = true;
                var fault = frame.As<ChildFault>();
                throw new ShardException(fault.Class, fault.Stage, fault.Reason);
            case FrameKind.Stopped:
                Answered = true;
                throw new OperationCanceledException(stop);
            default:
                throw new ShardException(FaultClass.Crash, stage, $"the process that runs the model sent a {frame.Kind} frame, which only its worker sends");
        }
    }

    private async Task StoreAsync(PutRequest request, Guid job, CancellationToken stop)
    {
        var answer = new PutAnswer(request.Id);
        try
        {
            // It reads what others made, so it is not trusted with more than it needs.
            answer = ArtifactNames.IsPicture(job, request.Name)
                ? answer with { Stored = await artifacts.PutAsync(request.Name, request.Content, stop) }
                : answer with { Fault = $"{request.Name} is no picture of the job; the process that runs the model stores nothing else" };
        }
#pragma warning disable CA1031 // The child's shard fails with it, not the worker.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            answer = answer with { Fault = fault.Message };
        }

        Volatile.Write(ref lastSign, clock.GetTimestamp());
        Interlocked.Decrement(ref storing);
        TryWrite(Frame.Of(FrameKind.Stored, answer));
    }

    /// <summary>Looks at the child until the session ends.</summary>
    private async Task GuardAsync(CancellationToken stop, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Look, clock);
        using var asked = stop.Register(() =>
        {
            told = clock.GetTimestamp();
            TryWrite(new Frame(FrameKind.Stop, default));
        });
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (told is { } since && clock.GetElapsedTime(since) > Obedience)
                {
                    LogDisobedient(child.Id);
                    child.Kill();
                    return;
                }

                var patience = TimeSpan.FromSeconds(stage == "load" ? options.LoadSeconds : options.HangSeconds);
                if (Volatile.Read(ref storing) == 0 && clock.GetElapsedTime(Volatile.Read(ref lastSign)) > patience)
                {
                    verdict = $"gave no sign for {patience.TotalSeconds:0} s and was killed";
                    LogHung(child.Id, patience, stage);
                    child.Kill();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private bool TryWrite(Frame frame)
    {
        try
        {
            child.Channel.Write(frame);
            return true;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Child} was asked to stop its shard and did not; it is killed")]
    private partial void LogDisobedient(int child);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Child} gave no sign for {Patience} in stage {Stage}; it is killed")]
    private partial void LogHung(int child, TimeSpan patience, string stage);
}
