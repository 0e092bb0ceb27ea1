using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The single element of a tensor as a number, converted from whatever type the tensor has; small conveniences.</summary>
public static class TensorExtensionMethods
{
    public static bool ToBoolean(this Tensor value) => Item<bool>(value, ScalarType.Bool);

    public static byte ToByte(this Tensor value) => Item<byte>(value, ScalarType.Byte);

    public static sbyte ToSByte(this Tensor value) => Item<sbyte>(value, ScalarType.Int8);

    public static short ToInt16(this Tensor value) => Item<short>(value, ScalarType.Int16);

    public static int ToInt32(this Tensor value) => Item<int>(value, ScalarType.Int32);

    public static long ToInt64(this Tensor value) => Item<long>(value, ScalarType.Int64);

    public static float ToSingle(this Tensor value) => Item<float>(value, ScalarType.Float32);

    public static double ToDouble(this Tensor value) => Item<double>(value, ScalarType.Float64);

    public static Modules.Parameter AsParameter(this Tensor tensor) => new(tensor);

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 or ScalarType.QInt32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown type of elements"),
    };

    /// <summary>Elements of a tensor of that shape.</summary>
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static T Item<T>(Tensor value, ScalarType type)
        where T : unmanaged
    {
        using var converted = value.to(type, CPU);
        return converted.item<T>();
    }
}
