using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

internal static class Tokenizers
{
    /// <summary>A tokenizer of a model, through the file that the model is saved to.</summary>
    public static LlamaTokenizer With(SentencePieceModel model)
    {
        using var folder = new TemporaryFolder();
        model.Save(folder.File("tokenizer.model"));
        return LlamaTokenizer.Load(folder.Path);
    }

    /// <summary>A model of the special pieces and <paramref name="pieces"/>, the best merge first.</summary>
    public static SentencePieceModel Model(params (string Text, PieceKind Kind)[] pieces) => new()
    {
        RemoveExtraWhitespaces = false,
        Pieces =
        [
            new("<unk>", 0, PieceKind.Unknown),
            new("<s>", 0, PieceKind.Control),
            new("</s>", 0, PieceKind.Control),
            .. pieces.Select((piece, order) => new SentencePiece(piece.Text, -order, piece.Kind)),
        ],
    };
}
