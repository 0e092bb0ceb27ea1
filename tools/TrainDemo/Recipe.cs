using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.TrainDemo;

/// <summary>All that decides what a training makes: the same recipe and seed give the same weights on the same machine.</summary>
internal sealed record Recipe
{
    /// <summary>Part of every training state: a state of another recipe is refused.</summary>
    public required string Name { get; init; }

    /// <summary>Of the weights and of the scenes.</summary>
    public required int Seed { get; init; }

    /// <summary>Threads that share a step's images; they are part of the result, since sums round by their order.</summary>
    public required int Ranks { get; init; }

    public required ModelSizes Sizes { get; init; }

    /// <summary>Width and height of the scenes, pixels.</summary>
    public int SceneSide { get; init; } = 256;

    /// <summary>SAM learns to segment what stands at a given place, and CLIP to see shapes, colours, textures and sizes.</summary>
    public required StagePlan Vision { get; init; }

    /// <summary>CLIP alone: what object does a patch belong to, and what is its outline.</summary>
    public required StagePlan Patches { get; init; }

    /// <summary>The language model learns where the expression's object is; SAM stands still.</summary>
    public required StagePlan Language { get; init; }

    /// <summary>The language model learns what each noun means and points half-way, too.</summary>
    public required StagePlan Grounding { get; init; }

    /// <summary>SAM alone goes on with masks of known places.</summary>
    public required StagePlan Masks { get; init; }

    /// <summary>LISA's own loss with the pointer's beside it, on all weights.</summary>
    public required StagePlan Joint { get; init; }

    /// <summary>Steps of <see cref="Language"/> before masks are part of its loss.</summary>
    public int MasksFrom { get; init; } = 1000;

    /// <summary>Expressions of an image whose masks are decoded in a step of <see cref="Language"/>, in turn; all of them are read.</summary>
    public int LanguageMasks { get; init; } = 3;

    /// <summary>The same for <see cref="Joint"/>, superlatives first.</summary>
    public int JointMasks { get; init; } = 6;

    /// <summary>What a superlative counts in the pointer's loss of <see cref="Joint"/>; the others count 1.</summary>
    public float SuperlativeWeight { get; init; } = 3;

    /// <summary>Gradients longer than this are cut to it.</summary>
    public double LongestGradient { get; init; } = 1;

    /// <summary>Of the average of the weights that is evaluated and exported.</summary>
    public double AveragingDecay { get; init; } = 0.997;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All => new[] { Demo, Tiny }.ToDictionary(recipe => recipe.Name);

    /// <summary>AdamW's learning rate over Muon's.</summary>
    public double AdamWShare { get; init; } = 0.6;

    /// <summary>Tells recipes apart: SHA-256 of all that is in it, its first 16 digits.</summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)))[..16];

    /// <summary>The model in <c>models/demo</c>.</summary>
    public static Recipe Demo { get; } = new()
    {
        Name = "demo",
        Seed = 1,
        Ranks = 2,
        Sizes = new ModelSizes
        {
            Hidden = 128,
            Intermediate = 344,
            Layers = 8,
            Heads = 4,
            ClipWidth = 128,
            ClipLayers = 5,
            ClipHeads = 4,
            ClipMlp = 384,
            ClipImage = 256,
            ClipPatch = 16,
            SamImage = 192,
            SamPatch = 8,
            SamWidth = 96,
            SamHeads = 4,
            SamWindow = 8,
            SamDepth = 4,
            SamGlobalBlocks = [1, 3],
            PromptWidth = 96,
            DecoderHeads = 4,
            DecoderMlp = 256,
        },
        Vision = new StagePlan { Steps = 800, ImagesPerRank = 4, ImagesPerGraph = 1, Rate = 2e-3, FinalShare = 0.15 },
        Patches = new StagePlan { Steps = 1600, ImagesPerRank = 6, ImagesPerGraph = 6, Rate = 2e-3, FinalShare = 0.1 },
        Language = new StagePlan { Steps = 2600, ScheduleSteps = 5000, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 1.5e-3, FinalShare = 0.1 },
        Grounding = new StagePlan { Steps = 4000, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 1.2e-3, FinalShare = 0.08 },
        Masks = new StagePlan { Steps = 600, ImagesPerRank = 4, ImagesPerGraph = 1, Rate = 1.2e-3, FinalShare = 0.05 },
        Joint = new StagePlan { Steps = 1400, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 5e-4, FinalShare = 0.05 },
    };

    /// <summary>A minute's training of a model too small to be of use: to see that all stages work.</summary>
    public static Recipe Tiny { get; } = new()
    {
        Name = "tiny",
        Seed = 1,
        Ranks = 2,
        SceneSide = 64,
        Sizes = new ModelSizes
        {
            Hidden = 64,
            Intermediate = 128,
            Layers = 2,
            Heads = 4,
            ClipWidth = 64,
            ClipLayers = 3,
            ClipHeads = 4,
            ClipMlp = 128,
            ClipImage = 64,
            ClipPatch = 8,
            SamImage = 64,
            SamPatch = 8,
            SamWidth = 64,
            SamHeads = 4,
            SamWindow = 4,
            SamDepth = 2,
            SamGlobalBlocks = [1],
            PromptWidth = 64,
            DecoderHeads = 4,
            DecoderMlp = 128,
        },
        AveragingDecay = 0.98,
        Vision = new StagePlan { Steps = 150, ImagesPerRank = 4, ImagesPerGraph = 4, Rate = 4e-3, FinalShare = 0.15, WarmUp = 10 },
        Patches = new StagePlan { Steps = 60, ImagesPerRank = 8, ImagesPerGraph = 8, Rate = 4e-3, FinalShare = 0.1, WarmUp = 10 },
        MasksFrom = 40,
        Language = new StagePlan { Steps = 100, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 3e-3, FinalShare = 0.1, WarmUp = 10 },
        Grounding = new StagePlan { Steps = 500, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 2e-3, FinalShare = 0.1, WarmUp = 10 },
        Masks = new StagePlan { Steps = 40, ImagesPerRank = 4, ImagesPerGraph = 4, Rate = 2e-3, FinalShare = 0.1, WarmUp = 10 },
        Joint = new StagePlan { Steps = 150, ImagesPerRank = 2, ImagesPerGraph = 1, Rate = 1e-3, FinalShare = 0.05, WarmUp = 10 },
    };
}
