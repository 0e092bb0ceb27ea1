namespace Pipeline.Contracts.Models;

/// <summary>The sizes of a model that planning, validation and FLOPs need; read from its files, no weights.</summary>
public sealed record ModelShape
{
    /// <summary>Such as <c>lisa</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Decoder layers of the language model.</summary>
    public required int Layers { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Heads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>Tokens that prompt, visual tokens and answer may have together; null where the model does not say.</summary>
    public int? MaxPositions { get; init; }

    /// <summary>Visual tokens per image before any pruning: <see cref="GridHeight"/> x <see cref="GridWidth"/>.</summary>
    public int VisualTokens => GridHeight * GridWidth;

    /// <summary>Rows of the visual-token grid.</summary>
    public required int GridHeight { get; init; }

    /// <summary>Columns of the visual-token grid.</summary>
    public required int GridWidth { get; init; }
}
