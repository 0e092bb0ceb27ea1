using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Writes one folder's checkpoint again as safetensors, with the small files beside it.</summary>
/// <param name="Dtype">What floating tensors become; null for what they are.</param>
/// <param name="ShardBytes">Most bytes of tensors in a file.</param>
internal sealed record CheckpointCopy(ScalarType? Dtype, long ShardBytes)
{
    private const string Config = "config.json";

    private static readonly string[] SmallFiles =
    [
        "generation_config.json", "preprocessor_config.json",
        "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
    ];

    /// <summary>Bytes of all tensors once they are written.</summary>
    public long BytesOf(Checkpoint checkpoint) => Sources(checkpoint).Sum(tensor => tensor.Length);

    /// <param name="checkpoint">Opened from <paramref name="folder"/>.</param>
    /// <param name="folder">Source.</param>
    /// <param name="target">Exists.</param>
    /// <param name="written">Told each weight file once it is written.</param>
    /// <param name="token">Ends it.</param>
    public void Write(Checkpoint checkpoint, string folder, string target, Action<string> written, CancellationToken token)
    {
        foreach (var name in SmallFiles.Where(name => File.Exists(Path.Combine(folder, name))))
            File.Copy(Path.Combine(folder, name), Path.Combine(target, name));
        CheckpointWriter.Write(target, Sources(checkpoint), ShardBytes, written, token);
        if (File.Exists(Path.Combine(folder, Config)))
            CopyConfig(Path.Combine(folder, Config), Path.Combine(target, Config));
    }

    private List<TensorSource> Sources(Checkpoint checkpoint) =>
        [.. checkpoint.Files.SelectMany(file => file.Entries.Select(entry => Source(file, entry)))];

    private TensorSource Source(TensorFile file, TensorEntry entry)
    {
        var wanted = Dtype is { } dtype && SafetensorsDtype.IsFloating(entry.Dtype) ? dtype : entry.Dtype;
        return entry.Strides is not null ? new ReorderedTensor(file, entry, wanted)
            : wanted == entry.Dtype ? new StoredTensor(file, entry)
            : new ConvertedTensor(file, entry, wanted);
    }

    /// <summary>As it is, or with the new type where it names one.</summary>
    private void CopyConfig(string from, string to)
    {
        using (var config = ConfigFile.Open(from))
        {
            if (Dtype is null || !config.Has("torch_dtype"))
            {
                File.Copy(from, to);
                return;
            }
        }

        var json = JsonNode.Parse(File.ReadAllBytes(from))!;
        json["torch_dtype"] = SafetensorsDtype.WordOf(Dtype.Value);
        File.WriteAllText(to, json.ToJsonString(IndentedJson.Options) + "\n");
    }
}
