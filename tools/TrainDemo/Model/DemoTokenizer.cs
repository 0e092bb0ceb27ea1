using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Text;

namespace Pipeline.TrainDemo.Model;

/// <summary>The demo model's tokenizer: every word of the scenes is one token, and so is each fixed phrase of LISA's question.</summary>
internal static class DemoTokenizer
{
    private static readonly string[] Words =
    [
        "the", "object", "left", "right", "above", "below", "of", "largest", "smallest", "leftmost", "rightmost", "topmost", "bottommost",
        .. Names<SceneShape>(), .. Names<SceneColor>(), .. Names<SceneTexture>(), .. Names<SceneSize>(),
    ];

    /// <summary>What is the same in every question: as single tokens they leave the sequence to the image and the expression.</summary>
    private static readonly string[] Phrases =
    [
        Conversation.LlavaV1.Prompt("", null).Replace(" ASSISTANT:", "", StringComparison.Ordinal),
        "What is",
        "in this image? Please output segmentation mask. ASSISTANT: ",
    ];

    public static LlamaTokenizer Write(string folder) => TinyTokenizer.Write(folder, Words, Phrases);

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(name => name.ToLowerInvariant());
}
