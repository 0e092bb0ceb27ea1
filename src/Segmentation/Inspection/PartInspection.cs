using Pipeline.Contracts.Files;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Inspection;

/// <summary>The weights of one folder, or one weight file.</summary>
public sealed record PartInspection
{
    /// <summary><c>checkpoint</c> or <c>visionTower</c>.</summary>
    public required string Name { get; init; }

    /// <summary>File or folder.</summary>
    public required string Path { get; init; }

    /// <summary><c>safetensors</c> or <c>pytorch</c>; null where no file could be opened.</summary>
    public required string? Format { get; init; }

    /// <summary>It has, or should have, several files and an index.</summary>
    public required bool Sharded { get; init; }

    /// <summary>Those that could be opened.</summary>
    public required IReadOnlyList<WeightFile> Files { get; init; }

    public required int Tensors { get; init; }

    /// <summary>Floating numbers in all tensors.</summary>
    public required long Parameters { get; init; }

    /// <summary>Of all tensors, as stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tensors by the type in which they are stored.</summary>
    public required IReadOnlyDictionary<string, int> Dtypes { get; init; }

    public required IReadOnlyList<ModuleWeights> Modules { get; init; }

    /// <summary>Tensors that its architecture has and it has not; null where the architecture is not known.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Tensors of another shape than their architecture's, with both; null where the architecture is not known.</summary>
    public IReadOnlyList<string>? Misshapen { get; init; }

    /// <summary>Tensors that its architecture has no use for; null where the architecture is not known.</summary>
    public IReadOnlyList<string>? Unexpected { get; init; }

    public required IReadOnlyList<TensorSeries> Series { get; init; }

    internal static PartInspection Of(string name, Checkpoint checkpoint, TensorComparison? comparison)
    {
        var tensors = checkpoint.Files.SelectMany(file => file.Entries).ToList();
        return new PartInspection
        {
            Name = name,
            Path = checkpoint.Path,
            Format = checkpoint.Files.Count > 0 ? checkpoint.Files[0].Format : null,
            Sharded = checkpoint.HasIndex,
            Files = [.. checkpoint.Files.Select(file => new WeightFile(System.IO.Path.GetFileName(file.Path), FileStamp.Of(file.Path)?.Length ?? 0))],
            Tensors = tensors.Count,
            Parameters = tensors.Where(tensor => SafetensorsDtype.IsFloating(tensor.Dtype)).Sum(tensor => tensor.Count),
            Bytes = tensors.Sum(ModuleWeights.BytesOf),
            Dtypes = tensors.CountBy(tensor => SafetensorsDtype.WordOf(tensor.Dtype)).OrderByDescending(pair => pair.Value).ToDictionary(),
            Modules = ModuleWeights.Of(tensors),
            Missing = comparison?.Missing,
            Misshapen = comparison?.Misshapen,
            Unexpected = comparison?.Unexpected,
            Series = TensorSeries.Of(tensors),
        };
    }
}
