using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA => new(DeviceType.CUDA);

    /// <summary>The version of the libtorch that is loaded.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Bridge.pipeline_torch_version())!;

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>Threads that one operator uses on the CPU.</summary>
    public static int get_num_threads() => Bridge.pipeline_threads_get();

    /// <summary>Threads that one operator uses on the CPU. Holds for the calling thread and those not yet used; for OpenBLAS, which knows no such difference, in the whole process.</summary>
    public static void set_num_threads(int num) => Bridge.Check(Bridge.pipeline_threads_set(num));

    public static int get_num_interop_threads() => Bridge.pipeline_interop_threads_get();

    /// <exception cref="ExternalException">It was set or used before; libtorch allows that once.</exception>
    public static void set_num_interop_threads(int num) => Bridge.Check(Bridge.pipeline_interop_threads_set(num));
}
