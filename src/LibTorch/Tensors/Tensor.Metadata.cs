using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Describe().ScalarType;

        public Device device
        {
            get
            {
                var description = Describe();
                return new Device((DeviceType)description.DeviceType, description.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public long Dimensions => Describe().Dimensions;

        public long ndim => Describe().Dimensions;

        public long NumberOfElements => Describe().Elements;

        public long ElementSize => Describe().ElementSize;

        /// <summary>Size of every dimension; a copy.</summary>
        public long[] shape
        {
            get
            {
                var sizes = Describe().Shape.ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long dim() => Describe().Dimensions;

        public long numel() => Describe().Elements;

        public long element_size() => Describe().ElementSize;

        public long storage_offset() => Describe().Offset;

        public long[] size() => shape;

        /// <param name="dim">Counted from the end when negative.</param>
        public long size(int dim)
        {
            var description = Describe();
            var size = description.Shape[Position(dim, description.Dimensions)];
            GC.KeepAlive(this);
            return size;
        }

        /// <summary>Elements to step over in each dimension.</summary>
        public long[] stride()
        {
            var strides = Describe().Stride.ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var description = Describe();
            var stride = description.Stride[Position(dim, description.Dimensions)];
            GC.KeepAlive(this);
            return stride;
        }

        public bool is_contiguous() => Describe().Contiguous != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        /// <summary>Shape, type and device; not the elements.</summary>
        public override string ToString() =>
            IsInvalid ? "disposed" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        /// <summary>Type, shape and device in one line, as error messages name a tensor.</summary>
        internal string Summary()
        {
            if (IsInvalid)
            {
                return "disposed";
            }

            var description = Describe();
            var text = $"{(ScalarType)description.ScalarType} [{string.Join(", ", shape)}] {device}";
            return requires_grad ? text + " requires_grad" : text;
        }

        private static int Position(int dim, int dimensions)
        {
            var position = dim < 0 ? dim + dimensions : dim;
            return position >= 0 && position < dimensions
                ? position
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"a tensor of {dimensions} dimensions takes {-dimensions} to {dimensions - 1}");
        }

        /// <summary>Pointers in the result are good while this tensor is alive.</summary>
        private unsafe TensorDescription Describe()
        {
            TensorDescription description;
            Bridge.Check(Bridge.pipeline_tensor_describe(Handle, &description));

            GC.KeepAlive(this);
            return description;
        }
    }
}
