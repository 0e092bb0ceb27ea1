using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>Which weights learn, and by which rule: Muon for the matrices inside transformer blocks, AdamW for the rest.</summary>
internal static class ParameterSelection
{
    /// <summary>Language model, its projections and the vision tower with its heads: all but SAM.</summary>
    public static IReadOnlyList<string> AllButSam { get; } =
    [
        "model.embed_tokens", "model.layers", "model.norm", "lm_head", "model.mm_projector", "model.text_hidden_fcs", "vision_model.",
        Auxiliary.Prefix + "clip.", Auxiliary.Prefix + "location",
    ];

    private static readonly string[] NeverTrained = ["gaussian_matrix", "place.frequencies", "post_layernorm", "point_embeddings", "not_a_point", "mask_downscaling", "iou_prediction_head"];

    private static readonly string[] Blocks = ["model.layers.", "encoder.layers.", "image_encoder.blocks.", "transformer.layers.", "final_attn_token_to_image"];

    /// <param name="model">Whose weights.</param>
    /// <param name="prefixes">Names that learn begin with one of these.</param>
    /// <param name="visionRate">Times the learning rate of the vision tower.</param>
    public static IReadOnlyList<TrainableParameter> Of(TrainableModel model, IReadOnlyList<string> prefixes, double visionRate = 1)
    {
        // The vision tower's last layers make no visual tokens.
        var unused = Enumerable.Range(model.Sizes.ClipLayers - 1, 1).Select(layer => $"encoder.layers.{layer}.").ToArray();
        return
        [
            .. model.Weights
                .Where(pair => prefixes.Any(prefix => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
                .Where(pair => !NeverTrained.Concat(unused).Any(part => pair.Key.Contains(part, StringComparison.Ordinal)))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => Rule(pair.Key, pair.Value, pair.Key.StartsWith("vision_model.", StringComparison.Ordinal) ? visionRate : 1)),
        ];
    }

    private static TrainableParameter Rule(string name, Tensor value, double rateScale)
    {
        var isMatrix = value.dim() == 2 && name.EndsWith(".weight", StringComparison.Ordinal);
        return isMatrix && Array.Exists(Blocks, block => name.Contains(block, StringComparison.Ordinal))
            ? new TrainableParameter(name, value, UpdateRule.Muon, name.EndsWith("qkv.weight", StringComparison.Ordinal) ? 3 : 1, rateScale)
            : new TrainableParameter(name, value, UpdateRule.AdamW, 1, rateScale, Decay: isMatrix && !name.Contains("embed", StringComparison.Ordinal));
    }
}
