using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>This tensor if it is so already (and <paramref name="copy"/> is not asked for), else a converted copy.</summary>
        /// <param name="type">Type of the elements.</param>
        /// <param name="copy">Make a copy in any case.</param>
        /// <param name="disposeAfter">Dispose of this tensor afterwards.</param>
        /// <param name="non_blocking">Copy from pinned memory without waiting.</param>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, null, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(null, device, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(null, new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => To(other.dtype, other.device, false, false, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, null, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => To(dtype, null);

        public Tensor type_as(Tensor tensor) => To(tensor.dtype, null);

        public Tensor cpu() => To(null, CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => To(null, device ?? CUDA, false, false, non_blocking);

        public Tensor @bool() => To(ScalarType.Bool, null);

        public Tensor @byte() => To(ScalarType.Byte, null);

        public Tensor @short() => To(ScalarType.Int16, null);

        public Tensor @int() => To(ScalarType.Int32, null);

        public Tensor @long() => To(ScalarType.Int64, null);

        public Tensor half() => To(ScalarType.Float16, null);

        public Tensor bfloat16() => To(ScalarType.BFloat16, null);

        public Tensor @float() => To(ScalarType.Float32, null);

        public Tensor @double() => To(ScalarType.Float64, null);

        public Tensor pin_memory() => Operators.pin_memory.Call(this);

        public bool is_pinned() => Operators.is_pinned.CallBoolean(this);

        private Tensor To(ScalarType? type, Device? device, bool copy = false, bool disposeAfter = false, bool nonBlocking = false)
        {
            var converted = Operators.to_dtype_layout.Call(this, type, Argument.None, device, Argument.None, nonBlocking, copy);
            if (disposeAfter)
            {
                Dispose();
            }

            return converted;
        }
    }
}
