namespace Pipeline.Segmentation.Text;

/// <summary>How a question and its answer become one prompt.</summary>
/// <remarks>LISA @3cb2d43, model/llava/conversation.py; the questions are those of utils/dataset.py's validation set.</remarks>
public sealed record Conversation
{
    /// <summary>The answer that evaluation forces: its [SEG] gives the mask.</summary>
    public const string ForcedAnswer = PromptTokens.Segmentation + ".";

    private const string ImageWithTokens = PromptTokens.ImageStart + PromptTokens.Image + PromptTokens.ImageEnd;

    private readonly string beforeUser;
    private readonly string afterUser;
    private readonly string afterAnswer;

    private Conversation(string name, string beforeUser, string afterUser, string afterAnswer)
    {
        Name = name;
        this.beforeUser = beforeUser;
        this.afterUser = afterUser;
        this.afterAnswer = afterAnswer;
    }

    /// <summary>Of Vicuna models (LISA-7B, LISA-13B).</summary>
    public static Conversation LlavaV1 { get; } = new(
        "llava_v1",
        "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions. USER: ",
        " ASSISTANT:",
        "</s>");

    /// <summary>Of LLaMA-2 chat models (LISA-13B-llama2).</summary>
    public static Conversation LlavaLlama2 { get; } = new(
        "llava_llama_2",
        "[INST] <<SYS>>\nYou are a helpful language and vision assistant. You are able to understand the visual content that the user provides, "
        + "and assist the user with a variety of tasks using natural language.\n<</SYS>>\n\n",
        " [/INST]",
        " </s>");

    /// <summary>Vicuna's own, which speaks of a user where LLaVA speaks of a human.</summary>
    public static Conversation V1 { get; } = new(
        "v1",
        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. USER: ",
        " ASSISTANT:",
        "</s>");

    /// <summary>All templates.</summary>
    public static IReadOnlyList<Conversation> All { get; } = [LlavaV1, LlavaLlama2, V1];

    /// <exception cref="ArgumentException">There is no such template; the message lists those there are.</exception>
    public static Conversation Named(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new ArgumentException($"conversation '{name}' is not known; expected {string.Join(", ", All.Select(known => known.Name))}", nameof(name));

    /// <summary>The template's name in LISA's --conv_type.</summary>
    public string Name { get; }

    /// <summary>The user message that asks for the mask of an expression.</summary>
    /// <param name="isSentence">The expression is an instruction of its own (ReasonSeg's long queries), not a phrase that names something.</param>
    public static string SegmentationQuestion(string expression, bool isSentence) => isSentence
        ? $"{PromptTokens.Image}\n {expression} Please output segmentation mask."
        : $"{PromptTokens.Image}\n What is {expression} in this image? Please output segmentation mask.";

    /// <summary>The user message where the model writes the answer itself: a sentence is said as it stands, as in LISA's chat; a phrase is asked for as in validation.</summary>
    /// <param name="isSentence">The expression is an instruction of its own, not a phrase that names something.</param>
    public static string OpenQuestion(string expression, bool isSentence) =>
        isSentence ? $"{PromptTokens.Image}\n{expression}" : SegmentationQuestion(expression, isSentence: false);

    /// <summary>The whole prompt, with the image between its start and end tokens.</summary>
    /// <param name="user">The message, with <c>&lt;image&gt;</c> where the image goes.</param>
    /// <param name="answer">The forced answer; null or empty when the model is to write it.</param>
    public string Prompt(string user, string? answer)
    {
        ArgumentNullException.ThrowIfNull(user);
        var message = user.Replace(PromptTokens.Image, ImageWithTokens, StringComparison.Ordinal);
        var question = beforeUser + message + afterUser;
        return string.IsNullOrEmpty(answer) ? question : $"{question} {answer}{afterAnswer}";
    }
}
