using System.Buffers;

namespace Pipeline.Segmentation.Text;

/// <summary>Cuts added tokens out of a text: leftmost first, of several the longest; then white space next to them goes where they strip it.</summary>
/// <remarks>transformers 4.31, tokenization_utils.py, PreTrainedTokenizer.tokenize with its Trie.</remarks>
internal sealed class AddedTokenSplitter
{
    private readonly ILookup<char, AddedToken> tokens;
    private readonly SearchValues<char> firstCharacters;

    /// <param name="tokens">Of two with the same text the first counts.</param>
    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        this.tokens = tokens.OrderByDescending(token => token.Text.Length).ToLookup(token => token.Text[0]);
        firstCharacters = SearchValues.Create([.. this.tokens.Select(group => group.Key)]);
    }

    /// <returns>Pieces of text, none of them empty, and added tokens in their order.</returns>
    public IEnumerable<(string Text, bool IsAdded)> Split(string text)
    {
        var parts = Cut(text);
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, token) = parts[i];
            if (token is null)
            {
                if (i > 0 && parts[i - 1].Token is { StripRight: true })
                    part = part.TrimStart(IsWhiteSpace);
                if (i + 1 < parts.Count && parts[i + 1].Token is { StripLeft: true })
                    part = part.TrimEnd(IsWhiteSpace);
            }
            if (part.Length > 0)
                yield return (part.ToString(), token is not null);
        }
    }

    private List<(TrimmableText Text, AddedToken? Token)> Cut(string text)
    {
        var parts = new List<(TrimmableText, AddedToken?)>();
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            var skip = text.AsSpan(at).IndexOfAny(firstCharacters);
            if (skip < 0)
                break;
            at += skip;
            var token = tokens[text[at]].FirstOrDefault(candidate => text.AsSpan(at).StartsWith(candidate.Text, StringComparison.Ordinal));
            if (token is null)
            {
                at++;
                continue;
            }
            parts.Add((new(text, from, at), null));
            at += token.Text.Length;
            parts.Add((new(text, at - token.Text.Length, at), token));
            from = at;
        }
        parts.Add((new(text, from, text.Length), null));
        return parts;
    }

    /// <summary>Python's str.isspace: Unicode white space and the four information separators.</summary>
    private static bool IsWhiteSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1C' and <= '\x1F';

    private readonly record struct TrimmableText(string Whole, int From, int To)
    {
        public int Length => To - From;

        public TrimmableText TrimStart(Func<char, bool> trims)
        {
            var from = From;
            while (from < To && trims(Whole[from]))
                from++;
            return this with { From = from };
        }

        public TrimmableText TrimEnd(Func<char, bool> trims)
        {
            var to = To;
            while (to > From && trims(Whole[to - 1]))
                to--;
            return this with { To = to };
        }

        public override string ToString() => Whole[From..To];
    }
}
