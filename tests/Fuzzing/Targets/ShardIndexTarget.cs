using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Fuzzing.Targets;

/// <summary>The index of a sharded checkpoint; no file that it names may lie anywhere else.</summary>
internal sealed class ShardIndexTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("model.safetensors.index.json");

    public string Name => "shard-index";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"metadata":{"total_size":32},"weight_map":{"a.weight":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""",
        """{"weight_map":{}}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"weight_map\"", "..", "/", "\\", "../", "/etc/passwd", "\\u002e\\u002e\\u002f", "C:\\\\x"]);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        foreach (var path in CheckpointFiles.Find(file.Folder, fault => throw fault).Paths)
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) != file.Folder)
                throw new InvalidOperationException($"{path} lies outside of {file.Folder}");
        }

        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is CheckpointException;

    public void Dispose() => file.Dispose();
}
