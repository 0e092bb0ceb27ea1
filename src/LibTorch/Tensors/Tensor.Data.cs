using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements' memory itself, no copy. Good while the tensor is alive and in scope.</summary>
        /// <value>On setting, the bytes are copied in and must be as many.</value>
        /// <exception cref="InvalidOperationException">It is not on the CPU, not contiguous, or larger than 2 GiB.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                var description = Describe();
                if (description.Contiguous == 0)
                {
                    throw new InvalidOperationException($"the elements do not lie in order; call contiguous() first: {Summary()}");
                }

                var size = description.Elements * description.ElementSize;
                if (size > int.MaxValue)
                {
                    throw new InvalidOperationException($"a span holds at most 2 GiB, this tensor {size} bytes; take slices of it: {Summary()}");
                }

                return new Span<byte>(Data(), (int)size);
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                {
                    throw new ArgumentException($"{value.Length} bytes given for a tensor of {target.Length}: {Summary()}", nameof(value));
                }

                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        /// <summary>The elements in order, whatever the strides.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the tensor's type.</exception>
        /// <exception cref="InvalidOperationException">It is not on the CPU.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            if (ElementTypes.Of<T>() != dtype)
            {
                throw new ArgumentException($"{typeof(T).Name} is not the type of the elements: {Summary()}");
            }

            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element.</summary>
        /// <exception cref="ArgumentException">There are more or none, or <typeparamref name="T"/> is not the tensor's type.</exception>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"only a tensor of one element has an item: {Summary()}");
            }

            if (device_type == DeviceType.CPU)
            {
                return data<T>()[0];
            }

            using var local = cpu();
            return local.data<T>()[0];
        }

        /// <summary>The only element as a number.</summary>
        public Scalar ToScalar()
        {
            var item = Operators.item.CallNumber(this);
            return item.Kind switch
            {
                ValueKind.Boolean => item.Integer != 0,
                ValueKind.Integer => item.Integer,
                _ => item.Real,
            };
        }

        /// <summary>Fills the tensor with bytes from the stream.</summary>
        /// <exception cref="EndOfStreamException">There are too few.</exception>
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var piece in new ByteRange(this))
            {
                stream.ReadExactly(piece);
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var piece in new ByteRange(this))
            {
                stream.Write(piece);
            }
        }

        internal unsafe void* Data()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException($"only memory of the CPU can be read; call cpu() first: {Summary()}");
            }

            void* data;
            Bridge.Check(Bridge.pipeline_tensor_data(Handle, &data));

            GC.KeepAlive(this);
            return data;
        }

        /// <summary>The bytes of a contiguous tensor in pieces that spans can hold.</summary>
        private ref struct ByteRange(Tensor tensor)
        {
            private const int PieceSize = 1 << 30;
            private long offset = -PieceSize;

            private readonly long size = tensor.is_contiguous()
                ? tensor.NumberOfElements * tensor.ElementSize
                : throw new InvalidOperationException($"the elements do not lie in order; call contiguous() first: {tensor.Summary()}");

            public readonly unsafe Span<byte> Current => new((byte*)tensor.Data() + offset, (int)Math.Min(PieceSize, size - offset));

            public readonly ByteRange GetEnumerator() => this;

            public bool MoveNext()
            {
                offset += PieceSize;
                return offset < size;
            }
        }
    }
}
