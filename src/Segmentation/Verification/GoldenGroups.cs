namespace Pipeline.Segmentation.Verification;

/// <summary>The groups this build can check. A new one is one line here.</summary>
public static class GoldenGroups
{
    public static IReadOnlyList<IGoldenGroup> All { get; } =
    [
        new ClipGroup(),
        new LlamaGroup("llama"),
        new LlamaGroup("llama_gqa"),
        new SamGroup(),
        new LisaGroup(),
        new PruningGroup(),
        new SlicGroup(),
        new CocoGroup(),
        new PreprocessGroup(),
        new TokenizerGroup(),
    ];
}
