using System.Text.Json.Nodes;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>The two <c>config.json</c> of a LISA checkpoint, with the fields that the released ones have.</summary>
internal static class PublishedConfig
{
    /// <param name="preset">Sizes and names.</param>
    /// <param name="vocabulary">Rows of the embedding.</param>
    /// <param name="random">Says that the weights were never trained.</param>
    public static JsonObject Of(LisaPreset preset, int vocabulary, bool random)
    {
        var sizes = preset.Sizes;
        var config = new JsonObject
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
            ["rms_norm_eps"] = preset.RmsNormEpsilon,
            ["max_position_embeddings"] = sizes.MaxPositions,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
            ["pad_token_id"] = 0,
            ["torch_dtype"] = "bfloat16",
            ["use_cache"] = false,
            ["vision_tower"] = preset.VisionTower,
            ["mm_vision_tower"] = preset.VisionTower,
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
        if (preset.Template != Conversation.LlavaV1)
            config["conversation"] = preset.Template.Name;
        if (random)
            config.Insert(2, "random_weights", true);
        return config;
    }

    /// <summary>That of the vision tower.</summary>
    public static JsonObject Tower(ModelSizes sizes) => new()
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
