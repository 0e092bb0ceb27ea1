using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>CUDA devices, where this libtorch has CUDA and the machine has a device; elsewhere there are none.</summary>
    public static class cuda
    {
        private static readonly Lazy<bool> Loaded = new(() => Bridge.pipeline_cuda_load() != 0);

        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && Bridge.pipeline_cuda_has_cudnn() != 0;

        public static int device_count() => Load() ? Bridge.pipeline_cuda_device_count() : 0;

        /// <summary>Seeds the current device's generator.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available())
            {
                using var generator = Generator.OfDevice(CUDA);
                generator.manual_seed(seed);
            }
        }

        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.OfDevice(new Device(index));
                generator.manual_seed(seed);
            }
        }

        /// <summary>Waits until everything queued on the device is done.</summary>
        /// <exception cref="ExternalException">There is no CUDA, or queued work failed.</exception>
        public static void synchronize(Device? device = null) => Bridge.Check(Bridge.pipeline_cuda_synchronize(device?.index ?? -1));

        /// <summary>Bytes that tensors hold on a device now. TorchSharp has no such member, so it is not public.</summary>
        /// <exception cref="ExternalException">The bridge was built without CUDA.</exception>
        internal static long memory_allocated(Device? device = null) => Memory(device, 0);

        /// <summary>The most bytes that tensors held since the start or <see cref="reset_peak_memory_stats"/>.</summary>
        internal static long max_memory_allocated(Device? device = null) => Memory(device, 1);

        /// <summary>Bytes that libtorch took from the device, in use or cached.</summary>
        internal static long memory_reserved(Device? device = null) => Memory(device, 2);

        internal static long max_memory_reserved(Device? device = null) => Memory(device, 3);

        internal static void reset_peak_memory_stats(Device? device = null) =>
            Bridge.Check(Bridge.pipeline_cuda_reset_peak_memory(Math.Max(device?.index ?? 0, 0)));

        /// <summary>Loads libtorch's CUDA part, where there is one; anything that names a CUDA device comes by here first.</summary>
        internal static bool Load() => Loaded.Value;

        private static unsafe long Memory(Device? device, int which)
        {
            var bytes = stackalloc long[4];
            Bridge.Check(Bridge.pipeline_cuda_memory(Math.Max(device?.index ?? 0, 0), bytes));
            return bytes[which];
        }
    }
}
