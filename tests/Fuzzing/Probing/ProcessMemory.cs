using System.Runtime.InteropServices;

namespace Pipeline.Fuzzing.Probing;

/// <summary>Memory of this process, native code included.</summary>
internal static unsafe partial class ProcessMemory
{
    /// <summary>Longs of struct rusage of 64-bit Linux: two times of two longs, then ru_maxrss in KiB, then counters.</summary>
    private const int UsageLongs = 18, PeakLong = 4;

    /// <summary>The most that was resident at any time so far.</summary>
    public static long PeakBytes()
    {
        var usage = stackalloc long[UsageLongs];
        return Usage(0, usage) == 0 ? usage[PeakLong] * 1024 : 0;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Usage(int who, long* usage);
}
