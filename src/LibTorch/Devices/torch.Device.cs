using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives: a kind of device and, except for the CPU, its number.</summary>
    public class Device
    {
        /// <param name="deviceType">The kind.</param>
        /// <param name="index">-1 for the current device of that kind.</param>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <param name="deviceType">A kind by name: cpu, cuda, mps or meta.</param>
        /// <param name="index">-1 for the current device of that kind.</param>
        /// <exception cref="ArgumentException">There is no such kind.</exception>
        public Device(string deviceType, int index = -1)
            : this(Kind(deviceType), index)
        {
        }

        /// <param name="description">cpu, cuda, cuda:1, ...</param>
        /// <exception cref="FormatException">It is none of them.</exception>
        public Device(string description)
        {
            var parts = description.Split(':');
            var number = -1;
            if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number)))
            {
                throw new FormatException($"'{description}' is not a device; expected cpu, cuda or cuda:N");
            }

            index = number;
            type = Kind(parts[0]);
        }

        /// <summary>A CUDA device by number.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; }

        public int index { get; }

        /// <summary>As the bridge takes it. Naming a CUDA device loads libtorch's CUDA part.</summary>
        internal long Packed
        {
            get
            {
                if (type == DeviceType.CUDA)
                {
                    cuda.Load();
                }

                return ((long)type << 32) | (uint)index;
            }
        }

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            var kind = type.ToString().ToLowerInvariant();
            return index < 0 || type == DeviceType.CPU ? kind : $"{kind}:{index.ToString(CultureInfo.InvariantCulture)}";
        }

        private static DeviceType Kind(string name) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw new ArgumentException($"'{name}' is not a kind of device; expected cpu, cuda, mps or meta", nameof(name)),
        };
    }
}
