namespace Pipeline.Segmentation.Lisa;

/// <summary>All tensors of a LISA under upstream's names, with how to draw them at random.</summary>
/// <remarks>
/// Variance-preserving scales, and embeddings as strong as what the layers add: attention then looks at the image, so pruning changes
/// masks, and mask logits cross zero within most images, so metrics differ.
/// </remarks>
internal static class RandomModel
{
    public static void AddLanguageAndMasks(ITensorList to, ModelSizes sizes, int vocabulary)
    {
        AddLanguageModel(to, sizes, vocabulary);
        Linear(to, "model.mm_projector", sizes.ClipWidth, sizes.Hidden);
        Linear(to, "model.text_hidden_fcs.0.0", sizes.Hidden, sizes.Hidden);
        Linear(to, "model.text_hidden_fcs.0.2", sizes.Hidden, sizes.PromptWidth, gain: 2);
        AddImageEncoder(to, "model.visual_model.image_encoder", sizes);
        AddPromptEncoder(to, "model.visual_model.prompt_encoder", sizes);
        AddMaskDecoder(to, "model.visual_model.mask_decoder", sizes);
    }

    public static void AddVisionTower(ITensorList to, ModelSizes sizes)
    {
        const string Model = "vision_model";
        var width = sizes.ClipWidth;
        to.Add($"{Model}.embeddings.class_embedding", 1, 0, width);
        to.Add($"{Model}.embeddings.patch_embedding.weight", Math.Pow(3 * sizes.ClipPatch * sizes.ClipPatch, -0.5), 0, width, 3, sizes.ClipPatch, sizes.ClipPatch);
        to.Add($"{Model}.embeddings.position_embedding.weight", 0.5, 0, 1 + (sizes.ClipGrid * sizes.ClipGrid), width);
        Norm(to, $"{Model}.pre_layrnorm", width);
        for (var i = 0; i < sizes.ClipLayers; i++)
        {
            var layer = $"{Model}.encoder.layers.{i}";
            Norm(to, $"{layer}.layer_norm1", width);
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
                Linear(to, $"{layer}.self_attn.{name}", width, width);
            Norm(to, $"{layer}.layer_norm2", width);
            Linear(to, $"{layer}.mlp.fc1", width, sizes.ClipMlp);
            Linear(to, $"{layer}.mlp.fc2", sizes.ClipMlp, width);
        }

        Norm(to, $"{Model}.post_layernorm", width);
    }

    public static void AddLanguageModel(ITensorList to, ModelSizes sizes, int vocabulary)
    {
        var width = sizes.Hidden;
        to.Add("model.embed_tokens.weight", 1, 0, vocabulary, width);
        for (var i = 0; i < sizes.Layers; i++)
        {
            var layer = $"model.layers.{i}";
            to.Add($"{layer}.input_layernorm.weight", 0.1, 1, width);
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
                Matrix(to, $"{layer}.self_attn.{name}", width, name is "k_proj" or "v_proj" ? sizes.KeyValueWidth : width, gain: name is "v_proj" or "o_proj" ? 1.5 : 1.2);
            to.Add($"{layer}.post_attention_layernorm.weight", 0.1, 1, width);
            Matrix(to, $"{layer}.mlp.gate_proj", width, sizes.Intermediate);
            Matrix(to, $"{layer}.mlp.up_proj", width, sizes.Intermediate);
            Matrix(to, $"{layer}.mlp.down_proj", sizes.Intermediate, width);
        }

        to.Add("model.norm.weight", 0.1, 1, width);
        Matrix(to, "lm_head", width, vocabulary);
    }

    private static void AddImageEncoder(ITensorList to, string name, ModelSizes sizes)
    {
        var (width, head) = (sizes.SamWidth, sizes.SamWidth / sizes.SamHeads);
        Convolution(to, $"{name}.patch_embed.proj", 3, width, sizes.SamPatch);
        to.Add($"{name}.pos_embed", 0.3, 0, 1, sizes.SamGrid, sizes.SamGrid, width);
        for (var i = 0; i < sizes.SamDepth; i++)
        {
            var block = $"{name}.blocks.{i}";
            var side = sizes.SamGlobalBlocks.Contains(i) ? sizes.SamGrid : sizes.SamWindow;
            Norm(to, $"{block}.norm1", width);
            Linear(to, $"{block}.attn.qkv", width, 3 * width);
            Linear(to, $"{block}.attn.proj", width, width);
            to.Add($"{block}.attn.rel_pos_h", 0.2, 0, (2 * side) - 1, head);
            to.Add($"{block}.attn.rel_pos_w", 0.2, 0, (2 * side) - 1, head);
            Norm(to, $"{block}.norm2", width);
            Linear(to, $"{block}.mlp.lin1", width, 4 * width);
            Linear(to, $"{block}.mlp.lin2", 4 * width, width);
        }

        Matrix4(to, $"{name}.neck.0.weight", width, sizes.PromptWidth, width, 1);
        Norm(to, $"{name}.neck.1", sizes.PromptWidth);
        Matrix4(to, $"{name}.neck.2.weight", 9 * sizes.PromptWidth, sizes.PromptWidth, sizes.PromptWidth, 3);
        Norm(to, $"{name}.neck.3", sizes.PromptWidth);
    }

    private static void AddPromptEncoder(ITensorList to, string name, ModelSizes sizes)
    {
        var width = sizes.PromptWidth;
        to.Add($"{name}.pe_layer.positional_encoding_gaussian_matrix", 1, 0, 2, width / 2);
        for (var i = 0; i < 4; i++)
            to.Add($"{name}.point_embeddings.{i}.weight", 1, 0, 1, width);
        to.Add($"{name}.not_a_point_embed.weight", 1, 0, 1, width);
        to.Add($"{name}.no_mask_embed.weight", 0.3, 0, 1, width);
        Convolution(to, $"{name}.mask_downscaling.0", 1, 4, 2);
        Norm(to, $"{name}.mask_downscaling.1", 4);
        Convolution(to, $"{name}.mask_downscaling.3", 4, 16, 2);
        Norm(to, $"{name}.mask_downscaling.4", 16);
        Convolution(to, $"{name}.mask_downscaling.6", 16, width, 1);
    }

    private static void AddMaskDecoder(ITensorList to, string name, ModelSizes sizes)
    {
        var width = sizes.PromptWidth;
        to.Add($"{name}.iou_token.weight", 1, 0, 1, width);
        to.Add($"{name}.mask_tokens.weight", 1, 0, 4, width);
        for (var i = 0; i < 2; i++)
        {
            var layer = $"{name}.transformer.layers.{i}";
            DecoderAttention(to, $"{layer}.self_attn", width, width);
            DecoderAttention(to, $"{layer}.cross_attn_token_to_image", width, width / 2);
            DecoderAttention(to, $"{layer}.cross_attn_image_to_token", width, width / 2);
            Linear(to, $"{layer}.mlp.lin1", width, sizes.DecoderMlp);
            Linear(to, $"{layer}.mlp.lin2", sizes.DecoderMlp, width);
            for (var norm = 1; norm <= 4; norm++)
                Norm(to, $"{layer}.norm{norm}", width);
        }

        DecoderAttention(to, $"{name}.transformer.final_attn_token_to_image", width, width / 2);
        Norm(to, $"{name}.transformer.norm_final_attn", width);
        Matrix4(to, $"{name}.output_upscaling.0.weight", width, width, width / 4, 2);
        to.Add($"{name}.output_upscaling.0.bias", 0.05, 0, width / 4);
        Norm(to, $"{name}.output_upscaling.1", width / 4);
        Matrix4(to, $"{name}.output_upscaling.3.weight", width / 4, width / 4, width / 8, 2);
        to.Add($"{name}.output_upscaling.3.bias", 0.05, 0, width / 8);
        for (var i = 0; i < 4; i++)
            HeadMlp(to, $"{name}.output_hypernetworks_mlps.{i}", width, width / 8);
        HeadMlp(to, $"{name}.iou_prediction_head", width, 4);
    }

    private static void DecoderAttention(ITensorList to, string name, int width, int inner)
    {
        foreach (var projection in (string[])["q_proj", "k_proj", "v_proj"])
            Linear(to, $"{name}.{projection}", width, inner, gain: 1.5);
        Linear(to, $"{name}.out_proj", inner, width, gain: 1.5);
    }

    private static void HeadMlp(ITensorList to, string name, int width, int outputs)
    {
        Linear(to, $"{name}.layers.0", width, width, gain: 1.4);
        Linear(to, $"{name}.layers.1", width, width, gain: 1.4);
        Linear(to, $"{name}.layers.2", width, outputs);
    }

    private static void Norm(ITensorList to, string name, int width)
    {
        to.Add($"{name}.weight", 0.1, 1, width);
        to.Add($"{name}.bias", 0.05, 0, width);
    }

    private static void Linear(ITensorList to, string name, int inputs, int outputs, double gain = 1)
    {
        Matrix(to, name, inputs, outputs, gain);
        to.Add($"{name}.bias", 0.05, 0, outputs);
    }

    private static void Matrix(ITensorList to, string name, int inputs, int outputs, double gain = 1) =>
        to.Add($"{name}.weight", gain * Math.Pow(inputs, -0.5), 0, outputs, inputs);

    private static void Convolution(ITensorList to, string name, int inputs, int outputs, int kernel)
    {
        Matrix4(to, $"{name}.weight", inputs * kernel * kernel, outputs, inputs, kernel);
        to.Add($"{name}.bias", 0.05, 0, outputs);
    }

    private static void Matrix4(ITensorList to, string name, int fanIn, int first, int second, int kernel) =>
        to.Add(name, Math.Pow(fanIn, -0.5), 0, first, second, kernel, kernel);
}
