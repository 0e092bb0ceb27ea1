using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Inspection;

/// <summary>The tensors of one part of a model.</summary>
/// <param name="Name">In words.</param>
/// <param name="Tensors">How many there are.</param>
/// <param name="Parameters">Floating numbers in them.</param>
/// <param name="Bytes">As stored.</param>
public sealed record ModuleWeights(string Name, int Tensors, long Parameters, long Bytes)
{
    private static readonly (string Name, string Prefix)[] Known =
    [
        ("token embedding", "model.embed_tokens."),
        ("decoder layers", "model.layers."),
        ("final norm", "model.norm."),
        ("output head", "lm_head."),
        ("projector", "model.mm_projector."),
        ("mask prompt projection", "model.text_hidden_fcs."),
        ("mask image encoder", "model.visual_model.image_encoder."),
        ("mask prompt encoder", "model.visual_model.prompt_encoder."),
        ("mask decoder", "model.visual_model.mask_decoder."),
        ("vision transformer", "vision_model."),
        ("text transformer", "text_model."),
        ("other", ""),
    ];

    /// <returns>The modules that there are, in the order of the model.</returns>
    internal static IReadOnlyList<ModuleWeights> Of(IEnumerable<TensorEntry> tensors)
    {
        var groups = tensors.ToLookup(tensor => Known.First(module => tensor.Name.StartsWith(module.Prefix, StringComparison.Ordinal)).Name);
        return [.. Known.Where(module => groups.Contains(module.Name)).Select(module => new ModuleWeights(
            module.Name,
            groups[module.Name].Count(),
            groups[module.Name].Where(tensor => SafetensorsDtype.IsFloating(tensor.Dtype)).Sum(tensor => tensor.Count),
            groups[module.Name].Sum(BytesOf)))];
    }

    internal static long BytesOf(TensorEntry tensor) => tensor.Count * SafetensorsDtype.BytesOf(tensor.Dtype);
}
