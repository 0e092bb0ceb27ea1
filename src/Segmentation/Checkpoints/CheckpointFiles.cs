namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Which weight files of a folder make up its checkpoint.</summary>
/// <param name="Index">Path of the index; null for a checkpoint without one.</param>
/// <param name="Paths">Weight files, ordinal order; those of an index need not exist.</param>
/// <param name="Map">File names by tensor, as the index says; empty without one.</param>
internal sealed record CheckpointFiles(string? Index, IReadOnlyList<string> Paths, IReadOnlyDictionary<string, string> Map)
{
    private const string AnyName = "*.safetensors";

    // As transformers looks for them.
    private static readonly (string Single, string Index, string Shards)[] Names =
    [
        ("model.safetensors", "model.safetensors.index.json", AnyName),
        ("pytorch_model.bin", "pytorch_model.bin.index.json", "pytorch_model*.bin"),
    ];

    /// <param name="folder">Where to look.</param>
    /// <param name="report">Told what is wrong; where it returns, what there is besides is found all the same.</param>
    public static CheckpointFiles Find(string folder, Action<CheckpointException> report)
    {
        foreach (var (single, index, shards) in Names)
        {
            if (Path.Combine(folder, index) is var list && File.Exists(list))
                return Indexed(folder, list, shards, report);
            if (Path.Combine(folder, single) is var file && File.Exists(file))
                return Plain([file]);
        }

        var found = FilesOf(folder, AnyName);
        if (found.Count == 0)
            report(new CheckpointException($"{folder}: no weights found; expected {string.Join(", ", Names.Select(names => $"{names.Index}, {names.Single}"))} or other *.safetensors files"));
        return Plain(found);
    }

    private static CheckpointFiles Indexed(string folder, string index, string shards, Action<CheckpointException> report)
    {
        try
        {
            var map = ShardIndex.Read(index);
            List<string> paths = [.. map.Values.Distinct().Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))];
            foreach (var path in paths.ToList())
            {
                if (FolderLink.Fault(folder, path) is not { } fault)
                    continue;
                report(new CheckpointException($"{index}: {fault}"));
                paths.Remove(path);
            }

            return new CheckpointFiles(index, paths, map);
        }
        catch (CheckpointException fault)
        {
            report(fault);
            return Plain(FilesOf(folder, shards));
        }
    }

    private static CheckpointFiles Plain(IReadOnlyList<string> paths) => new(null, paths, new Dictionary<string, string>());

    private static IReadOnlyList<string> FilesOf(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];
}
