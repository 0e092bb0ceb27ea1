namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Which weight files of a folder make up its checkpoint.</summary>
/// <param name="Index">Path of the index; null for a checkpoint without one.</param>
/// <param name="Paths">Weight files, ordinal order; they need not exist.</param>
internal sealed record CheckpointFiles(string? Index, IReadOnlyList<string> Paths)
{
    // As transformers looks for them.
    private static readonly (string Single, string Index)[] Names =
    [
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    /// <exception cref="CheckpointException">The folder has none.</exception>
    public static CheckpointFiles Find(string folder)
    {
        foreach (var (single, index) in Names)
        {
            if (Path.Combine(folder, index) is var list && File.Exists(list))
                return new CheckpointFiles(list, [.. ShardIndex.Read(list).Values.Distinct().Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))]);
            if (Path.Combine(folder, single) is var file && File.Exists(file))
                return new CheckpointFiles(null, [file]);
        }

        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.safetensors") : [];
        return found.Length > 0
            ? new CheckpointFiles(null, [.. found.Order(StringComparer.Ordinal)])
            : throw new CheckpointException($"{folder}: no weights found; expected {string.Join(", ", Names.Select(names => $"{names.Index}, {names.Single}"))} or other *.safetensors files");
    }
}
