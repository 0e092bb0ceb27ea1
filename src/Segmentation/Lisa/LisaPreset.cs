using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>A LISA that can be made with random weights.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Sizes">Of its networks.</param>
/// <param name="VisionTower">What its configuration calls the vision tower; the last part of it is a folder in the checkpoint.</param>
internal sealed record LisaPreset(string Name, ModelSizes Sizes, string VisionTower)
{
    public static LisaPreset Tiny { get; } = new("tiny", new ModelSizes(), "clip-vit-tiny");

    /// <summary>LISA-7B: on Vicuna as LLaVA trained it, whose vocabulary has four tokens more than LLaMA's.</summary>
    public static LisaPreset Lisa7B { get; } = new("lisa-7b", ModelSizes.Lisa7B, "openai/clip-vit-large-patch14") { Vocabulary = 32004 };

    /// <summary>LISA-13B-llama2: on LLaMA-2 chat, with the three tokens that LISA adds.</summary>
    public static LisaPreset Lisa13B { get; } = new("lisa-13b", ModelSizes.Lisa13B, "openai/clip-vit-large-patch14")
    {
        Vocabulary = 32003,
        Template = Conversation.LlavaLlama2,
        RmsNormEpsilon = 1e-5,
    };

    public static IReadOnlyList<LisaPreset> All { get; } = [Tiny, Lisa7B, Lisa13B];

    /// <summary>Rows of the embedding; null for as many as its tokenizer has tokens.</summary>
    public int? Vocabulary { get; init; }

    public Conversation Template { get; init; } = Conversation.LlavaV1;

    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Folder of the vision tower in the checkpoint.</summary>
    public string TowerFolder => VisionTower.Split('/')[^1];
}
