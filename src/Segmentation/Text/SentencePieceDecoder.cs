using System.Buffers;
using System.Text;

namespace Pipeline.Segmentation.Text;

/// <summary>Pieces to text: bytes become characters again, and the space before the text goes.</summary>
/// <remarks>sentencepiece 0.1.97, sentencepiece_processor.cc, Decode. Each byte that is no part of a character becomes U+FFFD.</remarks>
internal sealed class SentencePieceDecoder(SentencePieceVocabulary vocabulary)
{
    private const char Space = '\u2581';

    public string Decode(IReadOnlyList<int> ids)
    {
        var model = vocabulary.Model;
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var prefixGone = !(model.AddDummyPrefix || model.RemoveExtraWhitespaces);
        foreach (var id in ids)
        {
            var piece = vocabulary[id];
            if (piece.Kind == PieceKind.Byte)
            {
                bytes.Add(vocabulary.ByteOf(id));
                continue;
            }
            Append(bytes, text);
            if (piece.Kind == PieceKind.Control)
                continue;
            if (piece.Kind == PieceKind.Unknown)
            {
                text.Append(model.UnknownSurface);
                continue;
            }
            var surface = piece.Text.AsSpan();
            if (!prefixGone && text.Length == 0 && surface[0] == Space)
            {
                surface = surface[1..];
                prefixGone = !model.RemoveExtraWhitespaces;
            }
            foreach (var character in surface)
                text.Append(character == Space ? ' ' : character);
        }
        Append(bytes, text);
        return text.ToString();
    }

    private static void Append(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            var whole = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            text.Append(rune.ToString());
            rest = rest[(whole ? length : 1)..];
        }
        bytes.Clear();
    }
}
