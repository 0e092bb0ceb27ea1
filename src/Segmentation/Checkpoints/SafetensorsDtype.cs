using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The element types of safetensors files that have a tensor type.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Type, int Bytes)[] Table =
    [
        ("BOOL", ScalarType.Bool, 1),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("I16", ScalarType.Int16, 2),
        ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
    ];

    public static string Names => string.Join(", ", Table.Select(row => row.Name));

    public static bool TryParse(string? name, [NotNullWhen(true)] out ScalarType? type)
    {
        var row = Array.FindIndex(Table, row => row.Name == name);
        type = row < 0 ? null : Table[row].Type;
        return row >= 0;
    }

    /// <exception cref="NotSupportedException">Safetensors has no such type.</exception>
    public static string NameOf(ScalarType type) => RowOf(type).Name;

    public static int BytesOf(ScalarType type) => RowOf(type).Bytes;

    private static (string Name, ScalarType Type, int Bytes) RowOf(ScalarType type)
    {
        var row = Array.FindIndex(Table, row => row.Type == type);
        return row >= 0 ? Table[row] : throw new NotSupportedException($"safetensors files hold no {type}; convert to one of {Names}");
    }
}
