using System.Runtime.InteropServices;

namespace Pipeline.Fuzzing.Probing;

/// <summary>What this process has used so far, native code included.</summary>
/// <param name="Time">On a processor: what else the machine does is not in it.</param>
/// <param name="PeakBytes">The most that was resident at any time.</param>
internal readonly unsafe partial record struct ProcessUsage(TimeSpan Time, long PeakBytes)
{
    /// <summary>Longs of struct rusage of 64-bit Linux: user time and system time, each seconds and microseconds, then ru_maxrss in KiB, then counters.</summary>
    private const int Longs = 18, PeakLong = 4;

    public static ProcessUsage Now
    {
        get
        {
            var usage = stackalloc long[Longs];
            return Usage(0, usage) == 0
                ? new ProcessUsage(TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]), usage[PeakLong] * 1024)
                : default;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Usage(int who, long* usage);
}
