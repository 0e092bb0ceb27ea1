using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Children;

/// <summary>The process that runs the model for one slot of a worker. It knows no broker and no store, and dies with its worker.</summary>
internal static class InferenceChild
{
    /// <summary>First argument of a worker's program that makes it such a process; the second is the socket to connect to.</summary>
    public const string Argument = "inference-child";

    /// <summary>Serves its worker until that is gone, which ends this process.</summary>
    /// <param name="socketPath">Where the worker listens.</param>
    public static async Task ServeAsync(string socketPath)
    {
        // A terminal or a service manager tells the whole group to stop; when this process may go is for its worker to say.
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];
        var ignored = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        using var channel = new FrameChannel(socket);
        try
        {
            await ServeAsync(channel);
        }
        finally
        {
            // At once, whatever the model is doing: nothing here is worth keeping, and native code need not notice an orderly end.
            Process.GetCurrentProcess().Kill();
            GC.KeepAlive(ignored);
        }
    }

    private static async Task ServeAsync(FrameChannel channel)
    {
        if (await channel.ReadAsync(CancellationToken.None) is not { Kind: FrameKind.Settings } first)
        {
            return;
        }

        var settings = first.As<ChildSettings>();
        var options = Options.Create(settings.ToOptions());
        var artifacts = new ParentArtifactStore(channel);
        var slots = new InferenceSlots([InferenceSlot.Create(options.Value.ThreadsPerSlot, LisaImageModel.Load)]);
        using var images = new ImageFetcher(Options.Create(settings.Fetch), TimeProvider.System, NullLogger<ImageFetcher>.Instance);
        var watch = new ParentWatch(channel, new FaultPoints(options));
        var runner = new ShardRunner(artifacts, slots, images, options, Options.Create(settings.Images), TimeProvider.System, watch);
        var inference = new InProcessInference(runner, slots, options);
        var stop = new CancellationTokenSource();
        while (await channel.ReadAsync(CancellationToken.None) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Run:
                    stop = new CancellationTokenSource();
                    _ = RunAsync(frame, inference, channel, stop.Token);
                    break;
                case FrameKind.Stop:
                    await stop.CancelAsync();
                    break;
                case FrameKind.Stored:
                    artifacts.Answer(frame.As<PutAnswer>());
                    break;
                default:
                    throw new InvalidDataException($"the worker sent a {frame.Kind} frame, which only its child sends");
            }
        }
    }

    private static async Task RunAsync(Frame frame, InProcessInference inference, FrameChannel channel, CancellationToken stop)
    {
        // Off the thread that listens: a stop must be heard while the shard is being read.
        await Task.Yield();
        channel.Write(await AnswerAsync(frame, inference, channel, stop));
    }

    private static async Task<Frame> AnswerAsync(Frame frame, InProcessInference inference, FrameChannel channel, CancellationToken stop)
    {
        try
        {
            using var slot = await inference.TakeAsync(frame.As<ShardWork>(), stop);
            var output = await slot.RunAsync(Tell, stop, CancellationToken.None);
            return Frame.OfNumber(FrameKind.Result, output.Predictions, output.File.Span);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new Frame(FrameKind.Stopped, default);
        }
#pragma warning disable CA1031 // The worker must get an answer to every shard, or it would wait until this process counts as hung.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var said = ShardException.From("infer", fault);
            return Frame.Of(FrameKind.Failed, new ChildFault(said.Class, said.Stage, said.Message));
        }

        Task Tell(int done)
        {
            channel.Write(Frame.OfNumber(FrameKind.Samples, done));
            return Task.CompletedTask;
        }
    }
}
