using System.Globalization;

namespace Pipeline.Segmentation.Text;

/// <summary>The pieces of a model by id and by text, checked once.</summary>
internal sealed class SentencePieceVocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> idsBySpan;
    private readonly int[] bytes;

    /// <exception cref="InvalidDataException">A piece occurs twice, no or several unknown pieces, byte pieces missing, or one that names no byte.</exception>
    public SentencePieceVocabulary(SentencePieceModel model)
    {
        Model = model;
        ids = new(model.Pieces.Count, StringComparer.Ordinal);
        idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        UnknownId = -1;
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var piece = model.Pieces[id];
            if (!ids.TryAdd(piece.Text, id))
                throw new InvalidDataException($"pieces {ids[piece.Text]} and {id} are both '{piece.Text}'");
            if (piece.Kind == PieceKind.Byte && !IsByte(piece.Text))
                throw new InvalidDataException($"piece {id}, '{piece.Text}', stands for a byte; expected <0x00> to <0xFF>");
            if (piece.Kind == PieceKind.Unknown)
                UnknownId = UnknownId < 0 ? id : throw new InvalidDataException($"pieces {UnknownId} and {id} both stand for what is unknown");
        }
        if (UnknownId < 0)
            throw new InvalidDataException("no piece stands for what is unknown");
        bytes = model.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ByteId((byte)value))] : [];
    }

    public SentencePieceModel Model { get; }

    public int UnknownId { get; }

    public int Count => Model.Pieces.Count;

    public SentencePiece this[int id] => Model.Pieces[id];

    public int IdOf(ReadOnlySpan<char> text) => idsBySpan.TryGetValue(text, out var id) ? id : UnknownId;

    /// <summary>Whether merging two symbols into <paramref name="text"/> gives a piece.</summary>
    public bool TryMerge(ReadOnlySpan<char> text, out int id) =>
        idsBySpan.TryGetValue(text, out id) && Model.Pieces[id].Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused;

    public int IdOf(byte value) => bytes[value];

    public byte ByteOf(int id) => byte.Parse(Model.Pieces[id].Text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool IsByte(string text) =>
        text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private int ByteId(byte value)
    {
        var text = SentencePieceModel.BytePiece(value);
        return ids.TryGetValue(text, out var id) && Model.Pieces[id].Kind == PieceKind.Byte
            ? id
            : throw new InvalidDataException($"it falls back to bytes but has no byte piece {text}");
    }
}
