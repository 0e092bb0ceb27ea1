using System.Text.Json;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Clip;

/// <summary>What a CLIP vision tower's configuration says beyond the shapes of its weights.</summary>
public sealed record ClipConfig
{
    /// <summary>Pixels a side, far beyond any vision tower.</summary>
    private const int LargestImage = 16_384;

    public required int Heads { get; init; }

    /// <summary>Side of the square input, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch, pixels.</summary>
    public required int PatchSize { get; init; }

    /// <value>Default 1e-5.</value>
    public double LayerNormEps { get; init; } = 1e-5;

    /// <summary><c>quick_gelu</c> (OpenAI's weights) or <c>gelu</c>.</summary>
    public string Activation { get; init; } = "quick_gelu";

    /// <summary>Patches along one side.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>Reads <c>config.json</c> of a CLIPVisionModel or of a whole CLIPModel, whose vision half is used.</summary>
    /// <exception cref="CheckpointException">The file is missing or lacks a field.</exception>
    public static ClipConfig Read(string path)
    {
        using var json = ConfigFile.Open(path);
        var config = json.Root.TryGetProperty("vision_config", out var vision) && vision.ValueKind == JsonValueKind.Object ? json with { Root = vision } : json;
        var read = new ClipConfig
        {
            Heads = config.Positive("num_attention_heads"),
            ImageSize = config.Positive("image_size"),
            PatchSize = config.Positive("patch_size"),
            LayerNormEps = config.Number("layer_norm_eps", 1e-5),
            Activation = config.Text("hidden_act", "quick_gelu"),
        };
        if (read.PatchSize > read.ImageSize || read.ImageSize > LargestImage)
            throw new CheckpointException($"{path}: patch_size {read.PatchSize} and image_size {read.ImageSize} make no grid; expected an image of at most {LargestImage} pixels a side and patches no larger");
        if (read.Activation is not ("quick_gelu" or "gelu"))
            throw new CheckpointException($"{path}: hidden_act '{read.Activation}' is not known; expected quick_gelu or gelu");
        return read;
    }
}
