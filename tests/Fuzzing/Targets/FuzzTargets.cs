namespace Pipeline.Fuzzing.Targets;

/// <summary>Every parser of something that a user can hand in. A new one is one class and one line here.</summary>
public static class FuzzTargets
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["safetensors"] = typeof(SafetensorsTarget),
        ["torch-bin"] = typeof(TorchBinTarget),
        ["pickle"] = typeof(PickleTarget),
        ["shard-index"] = typeof(ShardIndexTarget),
        ["config-json"] = typeof(ConfigTarget),
        ["tokenizer-model"] = typeof(TokenizerModelTarget),
        ["tokenizer-json"] = typeof(TokenizerSettingsTarget),
        ["jpeg"] = typeof(JpegTarget),
        ["png"] = typeof(PngTarget),
        ["mask-png"] = typeof(MaskPngTarget),
        ["rle"] = typeof(RleTarget),
        ["job-yaml"] = typeof(YamlJobTarget),
        ["job-json"] = typeof(JsonJobTarget),
        ["manifest"] = typeof(ManifestTarget),
        ["manifest-slice"] = typeof(ManifestSliceTarget),
        ["shard-result"] = typeof(ShardResultTarget),
        ["reasonseg"] = typeof(ReasonSegTarget),
        ["refs"] = typeof(RefsTarget),
        ["instances"] = typeof(InstancesTarget),
        ["coco-truth"] = typeof(CocoTruthTarget),
        ["coco-results"] = typeof(CocoResultsTarget),
    };

    /// <summary>In the order of the report.</summary>
    public static IReadOnlyList<string> Names => [.. Types.Keys];

    /// <returns>The target's class.</returns>
    public static Type Named(string name) => Types[name];
}
