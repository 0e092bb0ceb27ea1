using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Makes LISA checkpoints with random weights, in the layout of the released ones, to try the system without a download.</summary>
/// <remarks>Nothing was trained: masks follow from the image, the words and the pruning, but mean nothing. <c>config.json</c> says so with <c>random_weights</c>.</remarks>
public static class LisaPresets
{
    private const string VisionTower = "clip-vit-tiny";

    // One token each; every other word is spelled.
    private static readonly string[] Words =
    [
        "the", "a", "of", "to", "in", "on", "and", "left", "right", "above", "below", "top", "bottom", "largest", "smallest", "large", "small", "object", "shape",
        "circle", "square", "triangle", "rectangle", "ellipse", "star", "ring", "red", "green", "blue", "yellow", "orange", "purple", "white", "black", "gray",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>What <see cref="Write"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tiny"];

    /// <summary>Writes a checkpoint: 256 visual tokens, 4 decoder layers of width 96, SAM at 256 pixels. The same seed gives the same bytes.</summary>
    /// <param name="preset">One of <see cref="Names"/>.</param>
    /// <param name="folder">Made if missing; an earlier random checkpoint in it is replaced.</param>
    /// <param name="seed">Of the weights.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    /// <exception cref="IOException">The folder holds a checkpoint that was not made here.</exception>
    public static void Write(string preset, string folder, int seed)
    {
        if (!Names.Contains(preset))
            throw new ArgumentException($"there is no preset '{preset}'; there are {string.Join(", ", Names)}", nameof(preset));
        RefuseToReplaceTrained(folder);
        var sizes = new ModelSizes();
        Directory.CreateDirectory(folder);
        var vocabulary = TinyTokenizer.Write(folder, Words).Count;
        WriteWeights(folder, seed, to => RandomModel.AddLanguageAndMasks(to, sizes, vocabulary));
        WriteWeights(TowerFolder(folder), seed, to => RandomModel.AddVisionTower(to, sizes));
        WriteConfigs(folder, sizes, vocabulary, random: true);
    }

    /// <summary>The folder of a made checkpoint's vision tower, inside its own.</summary>
    internal static string TowerFolder(string folder) => Directory.CreateDirectory(Path.Combine(folder, VisionTower)).FullName;

    /// <summary>Writes both <c>config.json</c>.</summary>
    /// <param name="random">Says that the weights were never trained.</param>
    internal static void WriteConfigs(string folder, ModelSizes sizes, int vocabulary, bool random)
    {
        var config = Config(sizes, vocabulary);
        if (random)
            config.Insert(2, "random_weights", true);
        WriteJson(folder, config);
        WriteJson(TowerFolder(folder), TowerConfig(sizes));
    }

    private static void RefuseToReplaceTrained(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            return;
        using var config = ConfigFile.Open(path);
        if (!config.Boolean("random_weights", false))
            throw new IOException($"{folder} holds a checkpoint that was not made at random (no random_weights in its config.json); choose another folder");
    }

    private static void WriteWeights(string folder, int seed, Action<RandomTensors> fill)
    {
        using var random = new RandomTensors(seed);
        fill(random);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), random.Tensors);
    }

    private static void WriteJson(string folder, JsonObject config) =>
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(Indented) + "\n");

    private static JsonObject Config(ModelSizes sizes, int vocabulary) => new()
    {
        ["architectures"] = new JsonArray("LISAForCausalLM"),
        ["model_type"] = "llava",
        ["vocab_size"] = vocabulary,
        ["hidden_size"] = sizes.Hidden,
        ["intermediate_size"] = sizes.Intermediate,
        ["num_hidden_layers"] = sizes.Layers,
        ["num_attention_heads"] = sizes.Heads,
        ["num_key_value_heads"] = sizes.Heads,
        ["hidden_act"] = "silu",
        ["rms_norm_eps"] = 1e-6,
        ["max_position_embeddings"] = sizes.MaxPositions,
        ["bos_token_id"] = 1,
        ["eos_token_id"] = 2,
        ["pad_token_id"] = 0,
        ["torch_dtype"] = "bfloat16",
        ["use_cache"] = false,
        ["vision_tower"] = VisionTower,
        ["mm_vision_tower"] = VisionTower,
        ["mm_hidden_size"] = sizes.ClipWidth,
        ["mm_vision_select_layer"] = -2,
        ["mm_vision_select_feature"] = "patch",
        ["mm_use_im_start_end"] = true,
        ["mm_use_im_patch_token"] = false,
        ["train_mask_decoder"] = true,
        ["out_dim"] = sizes.PromptWidth,
        ["sam"] = new JsonObject
        {
            ["image_size"] = sizes.SamImage,
            ["vit_patch_size"] = sizes.SamPatch,
            ["encoder_num_heads"] = sizes.SamHeads,
            ["encoder_global_attn_indexes"] = new JsonArray([.. sizes.SamGlobalBlocks.Select(block => JsonValue.Create(block))]),
            ["window_size"] = sizes.SamWindow,
            ["decoder_num_heads"] = sizes.DecoderHeads,
        },
    };

    private static JsonObject TowerConfig(ModelSizes sizes) => new()
    {
        ["architectures"] = new JsonArray("CLIPVisionModel"),
        ["model_type"] = "clip_vision_model",
        ["hidden_size"] = sizes.ClipWidth,
        ["intermediate_size"] = sizes.ClipMlp,
        ["num_hidden_layers"] = sizes.ClipLayers,
        ["num_attention_heads"] = sizes.ClipHeads,
        ["image_size"] = sizes.ClipImage,
        ["patch_size"] = sizes.ClipPatch,
        ["num_channels"] = 3,
        ["hidden_act"] = "quick_gelu",
        ["layer_norm_eps"] = 1e-5,
        ["torch_dtype"] = "bfloat16",
    };
}
