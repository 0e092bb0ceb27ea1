using System.Text.Json.Nodes;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Makes LISA checkpoints with random weights, in the layout of the released ones, to try the system without a download.</summary>
/// <remarks>Nothing was trained: masks follow from the image, the words and the pruning, but mean nothing. <c>config.json</c> says so with <c>random_weights</c>.</remarks>
public static class LisaPresets
{
    // One token each; every other word is spelled.
    private static readonly string[] Words =
    [
        "the", "a", "of", "to", "in", "on", "and", "left", "right", "above", "below", "top", "bottom", "largest", "smallest", "large", "small", "object", "shape",
        "circle", "square", "triangle", "rectangle", "ellipse", "star", "ring", "red", "green", "blue", "yellow", "orange", "purple", "white", "black", "gray",
    ];

    /// <summary>What <see cref="Write(string, string, int)"/> knows: a small model of 256 visual tokens, and the sizes of LISA-7B and LISA-13B.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. LisaPreset.All.Select(preset => preset.Name)];

    /// <summary>Writes a checkpoint. The same seed gives the same bytes.</summary>
    /// <param name="preset">One of <see cref="Names"/>.</param>
    /// <param name="folder">Made if missing; an earlier random checkpoint in it is replaced.</param>
    /// <param name="seed">Of the weights.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    /// <exception cref="IOException">The folder holds a checkpoint that was not made here, or its disk has too little room; nothing was written.</exception>
    public static void Write(string preset, string folder, int seed) => Write(preset, folder, seed, _ => { }, CancellationToken.None);

    /// <summary>The same, with news.</summary>
    /// <param name="preset">One of <see cref="Names"/>.</param>
    /// <param name="folder">Made if missing; an earlier random checkpoint in it is replaced.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="written">Told each weight file, under its temporary name, once it is written.</param>
    /// <param name="token">Ends it; nothing stays behind then.</param>
    public static void Write(string preset, string folder, int seed, Action<string> written, CancellationToken token) =>
        Write(
            LisaPreset.All.FirstOrDefault(known => known.Name == preset) ?? throw new ArgumentException($"there is no preset '{preset}'; there are {string.Join(", ", Names)}", nameof(preset)),
            folder,
            seed,
            CheckpointWriter.ShardBytes,
            written,
            token);

    /// <summary>Writes any model, with shards of any size.</summary>
    internal static void Write(LisaPreset preset, string folder, int seed, long shardBytes, Action<string> written, CancellationToken token)
    {
        RefuseToReplaceTrained(folder, preset.TowerFolder);
        using var staged = StagedFolder.For(folder);
        var tower = Directory.CreateDirectory(Path.Combine(staged.Path, preset.TowerFolder)).FullName;
        var tokens = TinyTokenizer.Write(staged.Path, Words).Count;
        var vocabulary = preset.Vocabulary ?? tokens;
        var model = Weights(seed, to => RandomModel.AddLanguageAndMasks(to, preset.Sizes, vocabulary));
        var clip = Weights(seed, to => RandomModel.AddVisionTower(to, preset.Sizes));
        DiskRoom.Require(staged.Path, model.Concat(clip).Sum(tensor => tensor.Length));
        CheckpointWriter.Write(tower, clip, shardBytes, written, token);
        CheckpointWriter.Write(staged.Path, model, shardBytes, written, token);
        WriteJson(tower, PublishedConfig.Tower(preset.Sizes));
        WriteJson(staged.Path, PublishedConfig.Of(preset, vocabulary, random: true));
        RemoveWeights(folder);
        RemoveWeights(Path.Combine(folder, preset.TowerFolder));
        staged.Complete();
    }

    /// <summary>The folder of a made checkpoint's vision tower, inside its own.</summary>
    internal static string TowerFolder(string folder) => Directory.CreateDirectory(Path.Combine(folder, LisaPreset.Tiny.TowerFolder)).FullName;

    /// <summary>Writes both <c>config.json</c>.</summary>
    /// <param name="random">Says that the weights were never trained.</param>
    internal static void WriteConfigs(string folder, ModelSizes sizes, int vocabulary, bool random)
    {
        WriteJson(folder, PublishedConfig.Of(LisaPreset.Tiny with { Sizes = sizes }, vocabulary, random));
        WriteJson(TowerFolder(folder), PublishedConfig.Tower(sizes));
    }

    private static void RefuseToReplaceTrained(string folder, string tower)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            if (File.Exists(Path.Combine(folder, tower, "config.json")))
                throw new IOException($"{Path.Combine(folder, tower)} holds a vision tower that was not made here; choose another folder");
            return;
        }

        using var config = ConfigFile.Open(path);
        if (!config.Boolean("random_weights", false))
            throw new IOException($"{folder} holds a checkpoint that was not made at random (no random_weights in its config.json); choose another folder");
    }

    private static IReadOnlyList<TensorSource> Weights(int seed, Action<TensorPlan> fill) => [.. TensorPlan.Of(fill).Tensors.Select(tensor => new RandomWeights(tensor, seed))];

    /// <summary>Of an earlier checkpoint, which may have had another number of shards; its configuration goes first, so that no half of it looks whole.</summary>
    private static void RemoveWeights(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
            return;
        File.Delete(Path.Combine(folder, "config.json"));
        foreach (var pattern in (string[])["*.safetensors.index.json", "*.safetensors"])
            Directory.GetFiles(folder, pattern).ToList().ForEach(File.Delete);
    }

    private static void WriteJson(string folder, JsonObject config) =>
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(IndentedJson.Options) + "\n");
}
