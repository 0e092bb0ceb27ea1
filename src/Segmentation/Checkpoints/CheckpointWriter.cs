using System.Text.Json;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Writes a folder's weights as they are published: <c>model.safetensors</c>, or shards with an index where that would be too large.</summary>
/// <remarks>transformers, modeling_utils.py, shard_checkpoint: tensors in their order, a new shard before the one that would exceed the limit.</remarks>
internal static class CheckpointWriter
{
    /// <summary>Of a shard, bytes, unless said otherwise.</summary>
    public const long ShardBytes = 5_000_000_000;

    private const string Single = "model.safetensors";
    private const string Index = Single + ".index.json";

    /// <param name="folder">Exists.</param>
    /// <param name="tensors">In the order in which they fill shards.</param>
    /// <param name="shardBytes">Most bytes of tensors in a file; a larger tensor has a file of its own.</param>
    /// <param name="written">Told each file once it is there.</param>
    /// <param name="token">Ends it; there is no index then.</param>
    public static void Write(string folder, IReadOnlyList<TensorSource> tensors, long shardBytes, Action<string> written, CancellationToken token)
    {
        var shards = Split(tensors, shardBytes);
        if (shards.Count <= 1)
        {
            WriteFile(Single, tensors);
            return;
        }

        var files = new Dictionary<string, string>();
        for (var i = 0; i < shards.Count; i++)
        {
            var name = $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors";
            WriteFile(name, shards[i]);
            shards[i].ForEach(tensor => files.Add(tensor.Name, name));
        }

        var index = new { metadata = new { total_size = tensors.Sum(tensor => tensor.Length) }, weight_map = new SortedDictionary<string, string>(files, StringComparer.Ordinal) };
        File.WriteAllBytes(Path.Combine(folder, Index), JsonSerializer.SerializeToUtf8Bytes(index, IndentedJson.Options));

        void WriteFile(string name, IReadOnlyList<TensorSource> content)
        {
            SafetensorsWriter.Write(Path.Combine(folder, name), content, token);
            written(Path.Combine(folder, name));
        }
    }

    private static List<List<TensorSource>> Split(IReadOnlyList<TensorSource> tensors, long shardBytes)
    {
        var shards = new List<List<TensorSource>>();
        var bytes = 0L;
        foreach (var tensor in tensors)
        {
            if (shards.Count == 0 || bytes + tensor.Length > shardBytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.Length;
        }

        return shards;
    }
}
