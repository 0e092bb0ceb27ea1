using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Inspection;

/// <summary>Describes checkpoints on disk, whole or not. Only configurations and headers are read.</summary>
public static class CheckpointInspector
{
    /// <param name="path">Folder of a LISA, a CLIP vision tower, a LLaMA or any weights; or one weight file.</param>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    public static CheckpointInspection Inspect(string path)
    {
        var faults = new List<string>();
        if (File.Exists(path))
            return OfWeights(path, "file", null, faults);
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"{path} does not exist; expected the folder of a checkpoint or a weight file");
        var config = Path.Combine(path, "config.json");
        if (!File.Exists(config))
            return OfWeights(path, "weights", null, faults);
        try
        {
            using var json = ConfigFile.Open(config);
            var inspection = KindOf(json) switch
            {
                "lisa" => new LisaInspection(path, faults).Describe(),
                "clip" => PlainModelInspection.OfClip(path, faults),
                "llama" => PlainModelInspection.OfLlama(path, json, faults),
                _ => OfWeights(path, "weights", null, faults),
            };
            return inspection with { Architecture = Architecture(json) };
        }
        catch (CheckpointException fault)
        {
            // What was found in the weights is found again.
            faults.Clear();
            faults.Add(fault.Message);
            return OfWeights(path, "weights", null, faults);
        }
    }

    /// <summary>What can be said of weights alone.</summary>
    internal static CheckpointInspection OfWeights(string path, string kind, TensorComparison? comparison, List<string> faults)
    {
        using var checkpoint = Checkpoint.OpenWhatThereIs(path, fault => faults.Add(fault.Message));
        return OfWeights(checkpoint, kind, comparison, faults);
    }

    /// <summary>What can be said of weights alone.</summary>
    internal static CheckpointInspection OfWeights(Checkpoint checkpoint, string kind, TensorComparison? comparison, List<string> faults)
    {
        if (comparison is { IsWhole: false })
            faults.Add($"{comparison.Path}: {comparison.Faults}");
        var part = PartInspection.Of("checkpoint", checkpoint, comparison);
        return new CheckpointInspection { Path = checkpoint.Path, Kind = kind, Faults = faults, Parts = [part], Memory = MemoryEstimate.OfWeights(part.Parameters) };
    }

    private static string KindOf(ConfigFile json)
    {
        if (json.Has("train_mask_decoder"))
            return "lisa";
        var type = json.Text("model_type", "");
        return type.StartsWith("clip", StringComparison.Ordinal) ? "clip" : type is "llama" or "llava" ? "llama" : "weights";
    }

    private static string? Architecture(ConfigFile json) =>
        json.Root.TryGetProperty("architectures", out var names) && names.ValueKind == System.Text.Json.JsonValueKind.Array && names.GetArrayLength() > 0 && names[0].ValueKind == System.Text.Json.JsonValueKind.String
            ? names[0].GetString()
            : null;
}
