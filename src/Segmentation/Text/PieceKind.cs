namespace Pipeline.Segmentation.Text;

/// <summary>What a piece of a SentencePiece vocabulary stands for; the numbers of sentencepiece_model.proto.</summary>
public enum PieceKind
{
    /// <summary>Text, reached by merging.</summary>
    Normal = 1,

    /// <summary>Whatever no other piece covers.</summary>
    Unknown = 2,

    /// <summary>A mark such as the begin of a sequence; text never becomes one.</summary>
    Control = 3,

    /// <summary>Text that is always one piece.</summary>
    UserDefined = 4,

    /// <summary>Text that only helps merging and is taken apart again.</summary>
    Unused = 5,

    /// <summary>One byte of UTF-8, for characters without a piece.</summary>
    Byte = 6,
}
