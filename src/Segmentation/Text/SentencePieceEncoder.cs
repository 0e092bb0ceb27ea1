using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Segmentation.Text;

/// <summary>Text to pieces: of all neighbours that merge into a piece, the pair with the best score merges first, of equals the leftmost.</summary>
/// <remarks>sentencepiece 0.1.97, bpe_model.cc. n log n in the length of the text.</remarks>
internal sealed class SentencePieceEncoder
{
    private const char Space = '\u2581';
    private static readonly Comparer<(float Score, int Left)> BestThenLeftmost =
        Comparer<(float Score, int Left)>.Create((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left));

    private readonly SentencePieceVocabulary vocabulary;
    private readonly ILookup<char, string> userDefined;

    public SentencePieceEncoder(SentencePieceVocabulary vocabulary)
    {
        this.vocabulary = vocabulary;
        userDefined = vocabulary.Model.Pieces
            .Where(piece => piece.Kind == PieceKind.UserDefined)
            .OrderByDescending(piece => piece.Text.Length)
            .ToLookup(piece => piece.Text[0], piece => piece.Text);
    }

    /// <summary>Appends the ids of <paramref name="text"/>.</summary>
    public void Encode(string text, List<int> ids)
    {
        var normalized = Normalize(text);
        if (normalized.Length == 0)
            return;
        var symbols = Split(normalized);
        var splits = Merge(normalized, CollectionsMarshal.AsSpan(symbols));
        var lastUnknown = false;
        for (var at = 0; at >= 0; at = symbols[at].Next)
            Emit(normalized.AsSpan(symbols[at].Start, symbols[at].Length), splits, ids, ref lastUnknown);
    }

    private string Normalize(string text)
    {
        var model = vocabulary.Model;
        var result = new StringBuilder(text.Length + 1);
        var afterSpace = model.RemoveExtraWhitespaces;
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = rune.Value == ' ';
            if (!isSpace && rune.IsBmp)
                result.Append((char)rune.Value);
            else if (!isSpace)
                result.Append(rune.ToString());
            else if (!(afterSpace && model.RemoveExtraWhitespaces))
                result.Append(Space);
            afterSpace = isSpace;
        }
        while (model.RemoveExtraWhitespaces && result.Length > 0 && result[^1] == Space)
            result.Length--;
        if (model.AddDummyPrefix && result.Length > 0)
            result.Insert(0, Space);
        return result.ToString();
    }

    /// <summary>The text as user-defined pieces, which never merge, and single characters.</summary>
    private List<Symbol> Split(string text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var fixedPiece = UserDefinedAt(text, start);
            var length = fixedPiece?.Length ?? (char.IsHighSurrogate(text[start]) ? 2 : 1);
            symbols.Add(new() { Start = start, Length = length, Previous = symbols.Count - 1, Next = symbols.Count + 1, Frozen = fixedPiece is not null });
            start += length;
        }
        CollectionsMarshal.AsSpan(symbols)[^1].Next = -1;
        return symbols;
    }

    private string? UserDefinedAt(string text, int start)
    {
        foreach (var piece in userDefined[text[start]])
        {
            if (text.AsSpan(start).StartsWith(piece, StringComparison.Ordinal))
                return piece;
        }
        return null;
    }

    /// <returns>For pieces that are taken apart again: where they were put together.</returns>
    private Dictionary<string, int> Merge(string text, Span<Symbol> symbols)
    {
        var splits = new Dictionary<string, int>(StringComparer.Ordinal);
        var agenda = new PriorityQueue<(int Left, int Right, int Length), (float Score, int Left)>(BestThenLeftmost);
        for (var right = 1; right < symbols.Length; right++)
            Consider(symbols, right - 1, right);
        while (agenda.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
                continue;
            left.Length += right.Length;
            right.Length = 0;
            left.Next = right.Next;
            if (right.Next >= 0)
                symbols[right.Next].Previous = pair.Left;
            Consider(symbols, left.Previous, pair.Left);
            Consider(symbols, pair.Left, left.Next);
        }
        return splits;

        void Consider(Span<Symbol> symbols, int left, int right)
        {
            if (left < 0 || right < 0 || symbols[left].Frozen || symbols[right].Frozen)
                return;
            var length = symbols[left].Length + symbols[right].Length;
            var merged = text.AsSpan(symbols[left].Start, length);
            if (!vocabulary.TryMerge(merged, out var id))
                return;
            agenda.Enqueue((left, right, length), (vocabulary[id].Score, left));
            if (vocabulary[id].Kind == PieceKind.Unused)
                splits[merged.ToString()] = symbols[left].Length;
        }
    }

    private void Emit(ReadOnlySpan<char> piece, Dictionary<string, int> splits, List<int> ids, ref bool lastUnknown)
    {
        var id = vocabulary.IdOf(piece);
        if (vocabulary[id].Kind == PieceKind.Unused && splits.TryGetValue(piece.ToString(), out var split))
        {
            Emit(piece[..split], splits, ids, ref lastUnknown);
            Emit(piece[split..], splits, ids, ref lastUnknown);
            return;
        }
        var unknown = id == vocabulary.UnknownId;
        if (unknown && vocabulary.Model.ByteFallback)
        {
            Span<byte> utf8 = stackalloc byte[4 * piece.Length];
            foreach (var value in utf8[..Encoding.UTF8.GetBytes(piece, utf8)])
                ids.Add(vocabulary.IdOf(value));
        }
        else if (!(unknown && lastUnknown))
        {
            ids.Add(id);
        }
        lastUnknown = unknown;
    }

    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
        public bool Frozen;
    }
}
