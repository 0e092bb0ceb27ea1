using System.Text.Json;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Reads an index of a sharded checkpoint (<c>model.safetensors.index.json</c>, <c>pytorch_model.bin.index.json</c>), which says in which file of the folder each tensor lies.</summary>
internal static class ShardIndex
{
    /// <summary>Far more than the names of the largest models take.</summary>
    private const long Longest = 64 << 20;

    /// <returns>File names by tensor.</returns>
    /// <exception cref="CheckpointException">The index is no index, or names a file outside its folder.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length is > Longest and var length)
                throw new CheckpointException($"{path}: it has {length} bytes; more than {Longest} are no index");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{path}: there is no object 'weight_map' of tensor names and files");
            var files = new Dictionary<string, string>();
            foreach (var property in map.EnumerateObject())
            {
                var file = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                if (file is "" or "." or ".." || file.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                    throw new CheckpointException($"{path}: tensor '{property.Name}' is said to lie in '{file}'; only files of the same folder are read");
                files[property.Name] = file;
            }

            return files;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
    }
}
