using System.Text.Json;
using Pipeline.Contracts.Files;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Reads an index of a sharded checkpoint (<c>model.safetensors.index.json</c>, <c>pytorch_model.bin.index.json</c>), which says in which file of the folder each tensor lies.</summary>
internal static class ShardIndex
{
    /// <summary>Bytes an index may have; a line for each of some thousand tensors is less than one million.</summary>
    public const int LargestFile = 64 << 20;

    /// <returns>File names by tensor.</returns>
    /// <exception cref="CheckpointException">The index is no index, or names a file outside its folder.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(PlainFile.Read(path, LargestFile));
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
        catch (InvalidDataException fault)
        {
            throw new CheckpointException(fault.Message, fault);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
    }
}
