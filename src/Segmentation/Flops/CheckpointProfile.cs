using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Sam;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Flops;

/// <summary>The sizes of a LISA checkpoint, from its configuration and the headers of its weight files.</summary>
internal static class CheckpointProfile
{
    /// <exception cref="InvalidDataException">The folder is no checkpoint; the message names the file and what would be right.</exception>
    public static ModelProfile Read(string folder)
    {
        try
        {
            var config = LisaConfig.Read(Path.Combine(folder, "config.json"));
            var found = LisaFolder.Find(folder, config);
            using var json = ConfigFile.Open(found.ConfigFile);
            using var checkpoint = Checkpoint.Open(found.Path, CPU, ScalarType.Float32);
            using var tower = Checkpoint.Open(found.VisionTower, CPU, ScalarType.Float32);
            var (weights, clip) = (checkpoint.Weights, ClipConfig.Read(found.VisionTowerConfigFile));
            var sam = Sam(weights["model.visual_model"], json.Section("sam"));
            var text = weights["model.text_hidden_fcs.0"];
            return new ModelProfile
            {
                Name = folder,
                Shape = LisaNetwork.ShapeOf(config, clip, weights.Size("model.embed_tokens.weight", 0)),
                VisionTower = Tower(tower.Weights["vision_model"], clip, config.SelectLayer).MultiplyAdds,
                Projector = [weights.Size("model.mm_projector.weight", 1), weights.Size("model.mm_projector.weight", 0)],
                MaskPrompt = [text.Size("0.weight", 1), text.Size("0.weight", 0), text.Size("2.weight", 0)],
                MaskEncoder = sam.EncoderMultiplyAdds,
                MaskDecoder = sam.DecoderMultiplyAdds,
            };
        }
        catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    private static VisionTransformerSize Tower(Weights weights, ClipConfig config, int select)
    {
        var layers = weights["encoder"].Count("layers");
        return new VisionTransformerSize
        {
            ImageSize = config.ImageSize,
            PatchSize = config.PatchSize,
            Width = weights.Size("embeddings.class_embedding", 0),
            FeedForward = weights.Size("encoder.layers.0.mlp.fc1.weight", 0),
            Layers = select < 0 ? layers + 1 + select : select,
        };
    }

    private static SamSize Sam(Weights weights, ConfigFile? given)
    {
        var config = SamConfig.Read(weights, given);
        var (encoder, decoder) = (weights["image_encoder"], weights["mask_decoder"]);
        return new SamSize
        {
            ImageSize = config.ImageSize,
            PatchSize = config.PatchSize,
            Width = encoder.Size("pos_embed", 3),
            FeedForward = encoder.Size("blocks.0.mlp.lin1.weight", 0),
            Blocks = encoder.Count("blocks"),
            GlobalBlocks = config.GlobalBlocks.Count,
            Window = config.Window,
            Channels = encoder.Size("neck.0.weight", 0),
            DecoderBlocks = decoder.Count("transformer.layers"),
            DecoderFeedForward = decoder.Size("transformer.layers.0.mlp.lin1.weight", 0),
            DecoderAttention = decoder.Size("transformer.layers.0.cross_attn_token_to_image.q_proj.weight", 0),
            Upscaled = [decoder.Size("output_upscaling.0.weight", 1), decoder.Size("output_upscaling.3.weight", 1)],
            MaskTokens = decoder.Size("mask_tokens.weight", 0),
        };
    }
}
