using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What <c>config.json</c> of a LISA checkpoint says beyond the sizes of its decoder.</summary>
/// <remarks>
/// Three fields are ours and optional: <c>sam</c>, SAM's hyper-parameters where its shapes do not tell them (see <see cref="Sam.SamConfig"/>);
/// <c>conversation</c>, the template it was trained with, <c>llava_v1</c> unless said otherwise; <c>random_weights</c>, true for a model that was never trained.
/// </remarks>
public sealed record LisaConfig
{
    public required LlamaConfig Language { get; init; }

    /// <summary>Folder or name of the CLIP vision tower, which LISA checkpoints do not contain.</summary>
    public required string VisionTower { get; init; }

    /// <summary>Hidden state of the vision tower that becomes visual tokens.</summary>
    public required int SelectLayer { get; init; }

    /// <summary>The template it was trained with.</summary>
    public required Conversation Conversation { get; init; }

    public required bool RandomWeights { get; init; }

    /// <param name="path"><c>config.json</c>.</param>
    /// <exception cref="CheckpointException">The file is missing, not that of a LISA, or makes no sense.</exception>
    public static LisaConfig Read(string path)
    {
        using var file = ConfigFile.Open(path);
        if (!file.Has("train_mask_decoder"))
            throw new CheckpointException($"{path}: this is no LISA checkpoint; its config.json has a field train_mask_decoder");
        var tower = file.Text("vision_tower", file.Text("mm_vision_tower", ""));
        if (tower.Length == 0)
            throw new CheckpointException($"{path}: field 'vision_tower' is missing; expected the folder of the CLIP vision tower");
        var feature = file.Text("mm_vision_select_feature", "patch");
        if (feature != "patch")
            throw new CheckpointException($"{path}: mm_vision_select_feature '{feature}' is not supported; expected patch");
        if (!file.Boolean("mm_use_im_start_end", true))
            throw new CheckpointException($"{path}: mm_use_im_start_end is false; LISA's prompts enclose the image in <im_start> and <im_end>");
        var template = file.Text("conversation", Conversation.LlavaV1.Name);
        var conversation = Conversation.All.FirstOrDefault(conversation => conversation.Name == template)
            ?? throw new CheckpointException($"{path}: conversation '{template}' is not known; expected {string.Join(", ", Conversation.All.Select(known => known.Name))}");
        return new LisaConfig
        {
            Language = LlamaConfig.Read(file),
            VisionTower = tower,
            SelectLayer = file.Integer("mm_vision_select_layer", -2),
            Conversation = conversation,
            RandomWeights = file.Boolean("random_weights", false),
        };
    }
}
