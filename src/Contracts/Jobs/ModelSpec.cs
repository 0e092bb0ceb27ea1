using System.Text.Json.Serialization;

namespace Pipeline.Contracts.Jobs;

/// <summary>Which model runs and how.</summary>
/// <param name="Checkpoint">Folder of a LISA checkpoint, absolute after reading.</param>
public sealed record ModelSpec(string Checkpoint)
{
    public const string Forced = "forced";

    public const string Generate = "generate";

    /// <summary>What LISA's chat allows an answer.</summary>
    public const int DefaultNewTokens = 512;

    public const int MostNewTokens = 8192;

    /// <summary>The templates there are, by their names in LISA.</summary>
    public static IReadOnlyList<string> Conversations { get; } = ["llava_v1", "llava_llama_2", "v1"];

    /// <summary><c>float32</c>, <c>bfloat16</c> or <c>float16</c>.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>, <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// <c>forced</c>: the answer "[SEG]." is part of the prompt and one forward pass gives the mask, as LISA validates. <c>generate</c>: the model writes the answer, and
    /// each [SEG] it writes gives a mask, as in LISA's chat.
    /// </summary>
    public string Answer { get; init; } = Forced;

    /// <summary>Tokens that a generated answer may have, its end token included; null where answers are forced.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>The template of prompts, one of <see cref="Conversations"/>; null for the checkpoint's own.</summary>
    public string? Conversation { get; init; }

    [JsonIgnore]
    public bool Generates => Answer == Generate;
}
