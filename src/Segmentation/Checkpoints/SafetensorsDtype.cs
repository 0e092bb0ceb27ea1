using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The element types of safetensors files that have a tensor type.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Type, int Bytes, string Word)[] Table =
    [
        ("BOOL", ScalarType.Bool, 1, "bool"),
        ("U8", ScalarType.Byte, 1, "uint8"),
        ("I8", ScalarType.Int8, 1, "int8"),
        ("I16", ScalarType.Int16, 2, "int16"),
        ("I32", ScalarType.Int32, 4, "int32"),
        ("I64", ScalarType.Int64, 8, "int64"),
        ("F16", ScalarType.Float16, 2, "float16"),
        ("BF16", ScalarType.BFloat16, 2, "bfloat16"),
        ("F32", ScalarType.Float32, 4, "float32"),
        ("F64", ScalarType.Float64, 8, "float64"),
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

    /// <summary>As PyTorch and configurations call it: <c>bfloat16</c>.</summary>
    public static string WordOf(ScalarType type) => RowOf(type).Word;

    public static bool IsFloating(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static (string Name, ScalarType Type, int Bytes, string Word) RowOf(ScalarType type)
    {
        var row = Array.FindIndex(Table, row => row.Type == type);
        return row >= 0 ? Table[row] : throw new NotSupportedException($"safetensors files hold no {type}; convert to one of {Names}");
    }
}
