using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Which sizes a checkpoint must have: those its configurations say, and where they say nothing those of its weights, or of the published models.</summary>
/// <param name="Model">Sizes of all networks.</param>
/// <param name="Vocabulary">Rows of the embedding.</param>
internal sealed record LisaSizes(ModelSizes Model, int Vocabulary)
{
    // SAM's three sizes: width and depth of the image encoder.
    private static readonly Dictionary<int, int> PublishedDepths = new() { [768] = 12, [1024] = 24, [1280] = 32 };

    private static readonly ModelSizes Published = ModelSizes.Lisa7B;

    /// <param name="folder">Where its configurations lie.</param>
    /// <param name="config">Of the LISA checkpoint.</param>
    /// <param name="weights">Root of the LISA checkpoint; only shapes are looked at.</param>
    /// <param name="tower">Root of the CLIP checkpoint; only shapes are looked at.</param>
    /// <exception cref="CheckpointException">A configuration makes no sense.</exception>
    public static LisaSizes Read(LisaFolder folder, LisaConfig config, Weights weights, Weights tower)
    {
        var sizes = ReadWithoutTower(folder.ConfigFile, config, weights);
        return sizes with { Model = WithTower(folder.VisionTowerConfigFile, tower, sizes.Model) };
    }

    /// <summary>The sizes of all networks but the vision tower, of which only the width is known.</summary>
    /// <param name="path"><c>config.json</c>.</param>
    /// <param name="config">The same, read.</param>
    /// <param name="weights">Root of the LISA checkpoint; only shapes are looked at.</param>
    /// <exception cref="CheckpointException">The configuration makes no sense.</exception>
    public static LisaSizes ReadWithoutTower(string path, LisaConfig config, Weights weights)
    {
        using var json = ConfigFile.Open(path);
        var language = config.Language;
        var masks = WithSam(weights["model.visual_model"], json.Section("sam"), json.Positive("out_dim", Published.PromptWidth));
        return new LisaSizes(
            masks with
            {
                Hidden = language.HiddenSize,
                Intermediate = language.IntermediateSize,
                Layers = language.Layers,
                Heads = language.Heads,
                KeyValueHeads = language.KeyValueHeads,
                ClipWidth = json.Positive("mm_hidden_size", Size(weights, "model.mm_projector.weight", 1, Published.ClipWidth)),
            },
            Size(weights, "model.embed_tokens.weight", 0, json.Positive("vocab_size", 32000)));
    }

    /// <param name="path"><c>config.json</c> of a CLIPVisionModel or a whole CLIPModel.</param>
    /// <param name="tower">Root of its weights.</param>
    /// <param name="sizes">All other sizes.</param>
    /// <exception cref="CheckpointException">The configuration makes no sense.</exception>
    public static ModelSizes WithTower(string path, Weights tower, ModelSizes sizes)
    {
        using var file = ConfigFile.Open(path);
        var json = file.Section("vision_config") ?? file;
        var config = ClipConfig.Read(path);
        var model = tower["vision_model"];
        var width = json.Positive("hidden_size", Size(model, "embeddings.class_embedding", 0, Published.ClipWidth));
        if (width % config.Heads != 0)
            throw new CheckpointException($"{path}: hidden_size {width} does not split into num_attention_heads {config.Heads}");
        return sizes with
        {
            ClipWidth = width,
            ClipLayers = json.Has("num_hidden_layers") ? json.Layers("num_hidden_layers") : Math.Max(1, model["encoder"].Count("layers")),
            ClipHeads = config.Heads,
            ClipMlp = json.Positive("intermediate_size", Size(model, "encoder.layers.0.mlp.fc1.weight", 0, Published.ClipMlp)),
            ClipImage = config.ImageSize,
            ClipPatch = config.PatchSize,
        };
    }

    private static ModelSizes WithSam(Weights weights, ConfigFile? given, int promptWidth)
    {
        var (encoder, decoder) = (weights["image_encoder"], weights["mask_decoder"]);
        var patch = given?.Positive("vit_patch_size", 16) ?? Size(encoder, "patch_embed.proj.weight", 2, Published.SamPatch);
        var grid = Size(encoder, "pos_embed", 1, Published.SamGrid);
        var width = Size(encoder, "pos_embed", 3, Published.SamWidth);
        var found = encoder.Count("blocks");
        var depth = (given is not null && given.Has("encoder_depth") ? given.Layers("encoder_depth") : null as int?) ?? PublishedDepths.GetValueOrDefault(width, found);
        var image = given?.Positive("image_size", grid * patch) ?? (grid * patch);
        var sides = Enumerable.Range(0, depth).Select(i => (Size(encoder, $"blocks.{i}.attn.rel_pos_h", 0, 0) + 1) / 2).ToList();
        var global = given?.Integers("encoder_global_attn_indexes", []) is { Count: > 0 } said ? said
            : depth == Published.SamDepth ? Published.SamGlobalBlocks
            : [.. Enumerable.Range(0, depth).Where(i => sides[i] == grid)];
        var windows = sides.Where((side, i) => side > 0 && !global.Contains(i)).ToList();
        return new ModelSizes
        {
            SamImage = image,
            SamPatch = patch,
            SamWidth = width,
            SamHeads = given?.Positive("encoder_num_heads", Heads(encoder, width)) ?? Heads(encoder, width),
            SamWindow = given?.Positive("window_size", Published.SamWindow) ?? (windows.Count > 0 ? windows.Min() : Published.SamWindow),
            SamDepth = depth,
            SamGlobalBlocks = global,
            PromptWidth = promptWidth,
            DecoderHeads = given?.Positive("decoder_num_heads", Published.DecoderHeads) ?? Published.DecoderHeads,
            DecoderMlp = Size(decoder, "transformer.layers.0.mlp.lin1.weight", 0, Published.DecoderMlp),
        };
    }

    private static int Heads(Weights encoder, int width) => Math.Max(1, width / Math.Max(1, Size(encoder, "blocks.0.attn.rel_pos_h", 1, width / Published.SamHeads)));

    private static int Size(Weights weights, string name, int dimension, int otherwise) =>
        weights.Shape(name) is { } shape && dimension < shape.Count ? checked((int)shape[dimension]) : otherwise;
}
