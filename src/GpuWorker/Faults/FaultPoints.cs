using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Faults;

/// <summary>Places where a test may have this process die or freeze: a file of the point's name in <c>Worker:FaultPoints</c>/NAME makes the first process that gets there send itself a signal.</summary>
/// <remarks>The file holds the signal's number; an empty one means 9. It is deleted first, so that it works once.</remarks>
public sealed partial class FaultPoints
{
    /// <summary>The worker has a place for the shard and has not begun.</summary>
    public const string AfterLease = "after-lease";

    /// <summary>A sample of the shard is done.</summary>
    public const string MidInference = "mid-inference";

    /// <summary>The process that runs the model begins with a sample.</summary>
    public const string ChildMidInference = "child-mid-inference";

    /// <summary>The result is stored.</summary>
    public const string AfterUpload = "after-upload";

    /// <summary>The answer is about to be published.</summary>
    public const string BeforePublish = "before-publish";

    /// <summary>The answer is published and its message not yet acknowledged.</summary>
    public const string AfterPublish = "after-publish";

    private const int SegmentationFault = 11;

    private readonly string? folder;

    public FaultPoints(IOptions<WorkerOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Value.FaultPoints is { } root)
        {
            folder = Path.Combine(root, options.Value.Name);
        }
    }

    /// <summary>Nothing, unless a test asked for more.</summary>
    public void Reach(string point)
    {
        if (folder is not null && TakeSignal(Path.Combine(folder, point)) is { } signal)
        {
            Send(signal);
        }
    }

    private static void Send(int signal)
    {
        if (signal == SegmentationFault)
        {
            // The runtime lives on after a signal that was only sent; the real thing, in native code, it does not survive.
            _ = SetMemory(1, 0, 1);
        }

        _ = Kill(Environment.ProcessId, signal);
    }

    private static int? TakeSignal(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var signal = File.ReadAllText(file).Trim();
            File.Delete(file);
            return signal.Length == 0 ? 9 : int.Parse(signal, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint SetMemory(nint address, int value, nint count);
}
