namespace Pipeline.Segmentation.Text;

/// <summary>The tokens that LISA adds to a language model's vocabulary, and the mark of an image in a prompt.</summary>
/// <remarks>LISA @3cb2d43, chat.py and model/llava/constants.py.</remarks>
public static class PromptTokens
{
    /// <summary>The token whose hidden state becomes a mask.</summary>
    public const string Segmentation = "[SEG]";

    public const string ImageStart = "<im_start>";

    public const string ImageEnd = "<im_end>";

    /// <summary>Where the image goes in a prompt; not a token.</summary>
    public const string Image = "<image>";

    /// <summary>The id that stands where the image goes, until its embeddings replace it.</summary>
    public const int ImageId = -200;

    /// <summary>LISA's added tokens in the order in which it adds them.</summary>
    public static IReadOnlyList<string> Lisa { get; } = [Segmentation, ImageStart, ImageEnd];
}
