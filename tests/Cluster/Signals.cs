using System.Runtime.InteropServices;

namespace Pipeline.Tests.Cluster;

/// <summary>POSIX signals, by process id.</summary>
public static partial class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    public static void Kill(int process) => Send(process, SigKill);

    public static void Terminate(int process) => Send(process, SigTerm);

    /// <summary>The process stands still until <see cref="Thaw"/>; its connections stay open.</summary>
    public static void Freeze(int process) => Send(process, SigStop);

    public static void Thaw(int process) => Send(process, SigCont);

    /// <summary>One that has gone meanwhile is no fault.</summary>
    private static void Send(int process, int signal) => _ = SendSignal(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
