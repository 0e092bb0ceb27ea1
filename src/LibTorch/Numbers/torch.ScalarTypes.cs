namespace TorchSharp;

public static partial class torch
{
    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int8 = ScalarType.Int8;
    public static readonly ScalarType int16 = ScalarType.Int16;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType @short = ScalarType.Int16;
    public static readonly ScalarType @int = ScalarType.Int32;
    public static readonly ScalarType @long = ScalarType.Int64;
    public static readonly ScalarType float16 = ScalarType.Float16;
    public static readonly ScalarType half = ScalarType.Float16;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType @float = ScalarType.Float32;
    public static readonly ScalarType @double = ScalarType.Float64;
    public static readonly ScalarType @bool = ScalarType.Bool;

    /// <summary>Types of elements, numbered as in libtorch.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        QInt8 = 12,
        QUInt8 = 13,
        QInt32 = 14,
        BFloat16 = 15,
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_complex(Tensor input) => input.is_complex();

    /// <summary>The range and precision of float32.</summary>
    public static FInfo finfo() => finfo(ScalarType.Float32);

    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating point type.</exception>
    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => new FInfo(16, 9.765625e-4, 65504, 6.103515625e-5, 1e-3),
        ScalarType.BFloat16 => new FInfo(16, 7.8125e-3, 3.3895313892515355e38, 1.1754943508222875e-38, 1e-2),
        ScalarType.Float32 => new FInfo(32, 1.1920928955078125e-7, 3.4028234663852886e38, 1.1754943508222875e-38, 1e-6),
        ScalarType.Float64 => new FInfo(64, 2.220446049250313e-16, double.MaxValue, 2.2250738585072014e-308, 1e-15),
        _ => throw new ArgumentException($"{dtype} is no floating point type", nameof(dtype)),
    };

    /// <summary>Range and precision of a floating point type.</summary>
    public struct FInfo
    {
        /// <summary>Bits of an element.</summary>
        public int bits;

        /// <summary>The step from 1 to the next larger number.</summary>
        public double eps;

        public double max;

        public double min;

        /// <summary>The smallest positive normal number.</summary>
        public double tiny;

        public double smallest_normal;

        /// <summary>The power of ten that decimal digits are good for.</summary>
        public double resolution;

        internal FInfo(int bits, double eps, double max, double smallest, double resolution)
        {
            this.bits = bits;
            this.eps = eps;
            this.max = max;
            min = -max;
            tiny = smallest;
            smallest_normal = smallest;
            this.resolution = resolution;
        }
    }
}
