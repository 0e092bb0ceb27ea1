using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>Which .NET type lies in memory as which type of elements.</summary>
internal static class ElementTypes
{
    /// <exception cref="NotSupportedException">No tensor holds such elements.</exception>
    public static ScalarType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return ScalarType.Float32;
        }

        if (typeof(T) == typeof(long))
        {
            return ScalarType.Int64;
        }

        return Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Boolean => ScalarType.Bool,
            TypeCode.Byte => ScalarType.Byte,
            TypeCode.SByte => ScalarType.Int8,
            TypeCode.Int16 => ScalarType.Int16,
            TypeCode.Int32 => ScalarType.Int32,
            TypeCode.Double => ScalarType.Float64,
            _ when typeof(T) == typeof(Half) => ScalarType.Float16,
            _ when typeof(T) == typeof(BFloat16) => ScalarType.BFloat16,
            _ => throw new NotSupportedException($"no tensor holds elements of type {typeof(T).Name}"),
        };
    }
}
