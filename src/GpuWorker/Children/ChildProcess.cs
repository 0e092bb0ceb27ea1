using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Pipeline.GpuWorker.Children;

/// <summary>A running <see cref="InferenceChild"/>, as its worker sees it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan EndOfOutput = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndOfProcess = TimeSpan.FromSeconds(10);

    private readonly Process process;
    private readonly LastLines output;

    private ChildProcess(Process process, LastLines output, FrameChannel channel)
    {
        this.process = process;
        this.output = output;
        Channel = channel;
    }

    public FrameChannel Channel { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Memory it holds, in MB.</summary>
    public long Megabytes
    {
        get
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64 / (1024 * 1024);
        }
    }

    /// <summary>Starts one and waits until it has connected.</summary>
    /// <exception cref="IOException">It ended before it did; the message has its last words.</exception>
    public static async Task<ChildProcess> StartAsync(ChildSettings settings, ILogger logger, CancellationToken token)
    {
        // Its folder lets nobody else in; both go as soon as the two are connected.
        var folder = Directory.CreateTempSubdirectory("pipeline-child-");
        var output = new LastLines(logger);
        Process? process = null;
        try
        {
            var path = Path.Combine(folder.FullName, "worker");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            process = Start(path, output);
            var channel = new FrameChannel(await AcceptAsync(listener, process, output, token));
            channel.Write(Frame.Of(FrameKind.Settings, settings));
            return new ChildProcess(process, output, channel);
        }
        catch
        {
            process?.Kill();
            process?.Dispose();
            throw;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Waits for its end and says how it ended, with its last words.</summary>
    public async Task<ChildEnding> EndAsync()
    {
        using var patience = new CancellationTokenSource(EndOfOutput);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        return Ending(process, output);
    }

    /// <summary>Kills it and waits until the system has taken back what it held: the next one may need that.</summary>
    public void Dispose()
    {
        Channel.Dispose();
        process.Kill();
        process.WaitForExit(EndOfProcess);
        process.Dispose();
    }

    private static Process Start(string path, LastLines output)
    {
        var process = Process.Start(ChildEnvironment.For(path))!;
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<Socket> AcceptAsync(Socket listener, Process process, LastLines output, CancellationToken token)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        var accepted = listener.AcceptAsync(ended.Token).AsTask();
        var exited = process.WaitForExitAsync(ended.Token);
        var first = await Task.WhenAny(accepted, exited);
        if (first != accepted && !token.IsCancellationRequested)
        {
            await ended.CancelAsync();
            throw new IOException(Ending(process, output).Tell(null, null));
        }

        var socket = await accepted;
        await ended.CancelAsync();
        return socket;
    }

    private static ChildEnding Ending(Process process, LastLines output)
    {
        const int signals = 128;
        var how = !process.HasExited ? "closed its socket"
            : process.ExitCode > signals ? $"was killed by signal {process.ExitCode - signals}{Meaning(process.ExitCode - signals)}"
            : $"exited with code {process.ExitCode}";
        return new ChildEnding(how, output.ToString());
    }

    private static string Meaning(int signal) => signal switch
    {
        4 => " (illegal instruction)",
        6 => " (abort)",
        7 => " (bus error)",
        8 => " (arithmetic error)",
        9 => " (kill; the system does that when memory runs out)",
        11 => " (segmentation fault)",
        _ => "",
    };
}
